/** The script of all pages: everything can be read without it. It is made of one file for each thing that it adds. */
export {};
