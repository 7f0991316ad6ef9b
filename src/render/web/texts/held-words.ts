/** Why a file is held and what to do, in languages other than that of the messages themselves. */
import { PROBLEM_HINTS, type ProblemCode } from '../../../problems.ts';
import type { Language } from '../../../standards/languages.ts';

export interface HeldWords {
  why: string;
  todo: string;
}

/** Undefined in English, where the message itself says it. @param hint what to do, in English: it may say more than is usual for the code */
export function heldWords(language: Language, code: string, hint: string): HeldWords | undefined {
  const translated = language === 'en' ? undefined : TRANSLATIONS[language];
  if (!translated) return undefined;
  const wording = translated.words[code as ProblemCode];
  if (!wording || hint === PROBLEM_HINTS[code as ProblemCode]) return wording;
  for (const [pattern, todo] of translated.hints) {
    if (pattern.test(hint)) return { ...wording, todo: hint.replace(pattern, todo).replace(/ or /g, translated.or) };
  }
  return { ...wording, todo: `${wording.todo} (${hint})` };
}

/** Hints that name a place. */
const VIETNAMESE_HINTS: readonly (readonly [RegExp, string])[] = [
  [/^move it to (.+)$/, 'chuyển tệp sang $1'],
  [
    /^no repository of this site takes it: make one for (.+), or name that in platforms of kho\.toml$/,
    'chưa có kho con nào nhận tệp này: hãy tạo một kho con cho $1, hoặc ghi $1 vào platforms trong kho.toml',
  ],
];

const VIETNAMESE: Readonly<Record<ProblemCode, HeldWords>> = {
  'advisories-not-read': {
    why: 'Không đọc được danh sách lỗ hổng đã biết mà kho.toml nêu tên.',
    todo: 'đặt một tệp OSV nguyên vẹn vào đó; cho đến lúc ấy, danh sách đọc lần trước vẫn được dùng',
  },
  'bad-catalogue': {
    why: 'Danh mục lấy từ máy chủ trung tâm bị sai.',
    todo: 'lấy lại lần nữa; nếu vẫn vậy, hãy dựng lại chỉ mục ở máy chủ trung tâm',
  },
  'bad-filename': { why: 'Tên tệp không đúng quy cách.', todo: 'đặt lại đúng tên mà công cụ dựng gói đã đặt' },
  'bad-metadata': { why: 'Phần mô tả bên trong gói bị sai.', todo: 'dựng lại gói bằng công cụ mới' },
  'bad-side-file': { why: 'Tệp đi kèm không đọc được.', todo: 'sửa hoặc xóa tệp đi kèm đó' },
  'bad-version': { why: 'Số phiên bản không hợp lệ.', todo: 'đặt phiên bản theo PEP 440 rồi dựng lại' },
  'cannot-install': {
    why: 'Không phiên bản pip nào cài được gói này.',
    todo: 'dựng lại gói bằng công cụ mới',
  },
  'changed-while-reading': { why: 'Tệp đang được ghi dở.', todo: 'chờ tải lên xong; lần chạy sau sẽ liệt kê' },
  conflict: {
    why: 'Có nhiều tệp cùng tên nhưng nội dung khác nhau.',
    todo: 'giữ lại một tệp, xóa hoặc đổi tên các tệp kia',
  },
  damaged: { why: 'Tệp bị hỏng.', todo: 'chép lại tệp' },
  empty: { why: 'Tệp rỗng.', todo: 'chép lại tệp' },
  'foreign-page': {
    why: 'Trang này không do chương trình kho tạo ra, nên được giữ nguyên.',
    todo: 'xóa hoặc đổi tên trang đó, chương trình kho sẽ đặt trang của mình vào chỗ ấy',
  },
  hidden: {
    why: 'Một kho con khác được gộp trước cũng có tệp cùng tên nhưng khác nội dung.',
    todo: 'xóa một trong hai tệp để rõ máy khách sẽ nhận tệp nào',
  },
  incomplete: { why: 'Tệp chưa đủ, có lẽ đang tải lên dở.', todo: 'chờ tải xong, hoặc chép lại tệp' },
  'known-malware': {
    why: 'Tệp này lấy từ một chỉ mục khác và đã được xác định là mã độc.',
    todo: 'kiểm tra xem máy nào đã cài; nếu cảnh báo không nói về tệp của bạn, hãy ghi tên đó vào own trong kho.toml',
  },
  'libc-mixed': {
    why: 'Kho con chứa lẫn wheel cho glibc và cho musl mà tên không phân biệt được.',
    todo: 'để mỗi kho con một loại libc, hoặc dùng lệnh “kho retag” để đặt đúng tên',
  },
  'link-outside': { why: 'Đây là liên kết trỏ ra ngoài kho con.', todo: 'chép chính tệp đó vào chỗ của liên kết' },
  'listed-upstream': {
    why: 'Chỉ mục bên ngoài đã có tệp cùng tên nhưng khác nội dung, và tệp khóa phiên bản có thể đã ghi tệp ấy.',
    todo: 'dựng lại với số bản dựng hoặc phiên bản cục bộ; hoặc khai báo tên này là của riêng mình (own trong kho.toml)',
  },
  'lying-tag': {
    why: 'Tên tệp hứa chạy trên những máy mà nội dung không chạy được.',
    todo: 'dựng lại gói, hoặc dùng lệnh “kho retag” để đặt đúng tên',
  },
  'low-tag': {
    why: 'Tên hứa chạy với libc cũ hơn mức wheel cần, nhưng không máy nào của kho con này gặp lỗi.',
    todo: 'không cần làm gì; lệnh “kho retag” có thể đặt tên đúng hơn',
  },
  'metadata-too-big': { why: 'Phần mô tả quá dài.', todo: 'rút gọn phần mô tả rồi dựng lại' },
  'name-mismatch': {
    why: 'Tên tệp và tên bên trong gói khác nhau.',
    todo: 'đặt lại đúng tên mà công cụ dựng gói đã đặt',
  },
  'names-not-kept': {
    why: 'Không ghi nhớ được tên nào là của riêng bạn.',
    todo: 'chỉ cho người dùng chạy chương trình kho được ghi vào .kho-keep của trang',
  },
  'needs-newer-libc': {
    why: 'Wheel cần libc mới hơn libc của các máy mà kho con này phục vụ.',
    todo: 'dựng trên hệ thống cũ ngang với máy cũ nhất',
  },
  'no-metadata': { why: 'Gói thiếu phần mô tả mà pip cần.', todo: 'dựng lại gói bằng công cụ mới' },
  'not-a-package': { why: 'Đây không phải là gói Python.', todo: 'chuyển tệp ra khỏi packages/' },
  'not-an-archive': { why: 'Nội dung tệp không phải là gói nén.', todo: 'tải hoặc dựng lại gói' },
  'not-everywhere': {
    why: 'Tên nói rằng wheel chạy trên mọi máy, nhưng bên trong có phần chỉ dành cho một số máy.',
    todo: 'dựng riêng một wheel cho mỗi loại máy và đặt tên theo máy đó',
  },
  'not-moved': {
    why: 'Chương trình kho không chuyển được tệp ra khỏi incoming/.',
    todo: 'cho chương trình kho quyền ghi vào incoming/ và packages/, hoặc tự chuyển tệp',
  },
  'not-readable': {
    why: 'Chương trình kho không được phép đọc tệp.',
    todo: 'cấp quyền đọc cho người dùng chạy chương trình kho',
  },
  'not-readable-by-others': { why: 'Máy chủ web có thể không đọc được tệp.', todo: 'cấp quyền đọc (chmod go+r)' },
  'not-signed': {
    why: 'Danh mục mới đang chờ chữ ký.',
    todo: 'ký danh mục đó, hoặc đặt lịch để máy tự ký',
  },
  'overlapping-members': { why: 'Các phần trong gói chồng lên nhau.', todo: 'đừng tin tệp này; hãy dựng lại gói' },
  'passed-over': {
    why: 'Các phiên bản pip mới bỏ qua tệp này và lấy bản cũ hơn.',
    todo: 'dựng lại gói bằng công cụ mới',
  },
  'platforms-by-name': {
    why: 'Tên thư mục cho biết kho con này dành cho những máy nào.',
    todo: 'nếu không đúng ý, hãy ghi platforms = ["*"] hoặc giá trị đúng vào kho.toml',
  },
  'read-only-packages': {
    why: 'Chương trình kho không được ghi vào thư mục này.',
    todo: 'cấp quyền ghi, để máy khách đọc được phần mô tả mà không phải tải cả wheel',
  },
  refused: {
    why: 'Phiên bản này đã được đăng với nội dung khác.',
    todo: 'dựng với số phiên bản hoặc số bản dựng mới, hoặc đặt overwrite = true cho kho con này trong kho.toml',
  },
  'refused-by-some': {
    why: 'Một số trình cài đặt từ chối tệp này.',
    todo: 'dựng lại gói bằng công cụ mới',
  },
  replaced: {
    why: 'Tệp cùng tên đã bị thay bằng nội dung khác.',
    todo: 'máy khách có tệp khóa sẽ từ chối; an toàn hơn là dùng số phiên bản mới',
  },
  retagged: { why: 'Wheel đã được đặt lại đúng tên.', todo: 'tệp gốc được giữ trong originals/' },
  'too-big': { why: 'Gói quá lớn.', todo: 'chia nhỏ gói' },
  'too-long-name': {
    why: 'Tên tệp quá dài, không còn chỗ cho đuôi ".metadata".',
    todo: 'rút ngắn tên tệp ít nhất chín byte',
  },
  'too-many-members': { why: 'Gói chứa quá nhiều tệp.', todo: 'chia nhỏ gói' },
  'two-readings': {
    why: 'Các chương trình khác nhau đọc tệp nén này ra nội dung khác nhau.',
    todo: 'đừng tin tệp này; hãy dựng lại gói',
  },
  undecided: {
    why: 'Có nhiều kho con đều nhận được tệp này.',
    todo: 'chuyển tệp vào packages/ của đúng kho con',
  },
  'unknown-project': {
    why: 'kho.toml nói đến một dự án mà không kho con nào có.',
    todo: 'thêm các tệp của dự án, hoặc xóa nó khỏi kho.toml',
  },
  'unknown-tag': {
    why: 'Không trình cài đặt nào có nhãn nền tảng ghi trong tên tệp.',
    todo: 'đặt lại tên với nhãn mà trình cài đặt biết',
  },
  'unsafe-member': {
    why: 'Gói chứa tệp có thể ghi ra ngoài chỗ giải nén.',
    todo: 'đừng tin tệp này; hãy dựng lại gói',
  },
  unsupported: { why: 'Không trình cài đặt nào còn dùng loại tệp này.', todo: 'dựng thành wheel' },
  'version-mismatch': {
    why: 'Phiên bản trong tên tệp và bên trong gói khác nhau.',
    todo: 'đặt lại đúng tên mà công cụ dựng gói đã đặt',
  },
  'writable-by-others': {
    why: 'Người khác ngoài chủ sở hữu cũng ghi được vào các thư mục này.',
    todo: 'bỏ quyền ghi đó, với quyền root',
  },
  'wrong-platform': {
    why: 'Wheel dành cho loại máy mà kho con này không phục vụ.',
    todo: 'chuyển tệp sang kho con dành cho nền tảng của nó',
  },
};

interface Translation {
  words: Readonly<Record<ProblemCode, HeldWords>>;
  /** Hints that name a place. */
  hints: readonly (readonly [RegExp, string])[];
  /** Between two places. */
  or: string;
}

const TRANSLATIONS: Readonly<Record<Exclude<Language, 'en'>, Translation>> = {
  vi: { words: VIETNAMESE, hints: VIETNAMESE_HINTS, or: ' hoặc ' },
};
