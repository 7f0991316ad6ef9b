/** Languages that pages for people can be written in, as BCP 47 names them: each has its texts in render/web/texts/. */
export const LANGUAGES = ['en', 'vi'] as const;

export type Language = (typeof LANGUAGES)[number];
