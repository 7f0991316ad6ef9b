/** Why a file is held and what to do, in languages other than that of the messages themselves. */
import type { ProblemCode } from '../../../problems.ts';
import type { Language } from '../../../standards/languages.ts';

export interface HeldWords {
  why: string;
  todo: string;
}

/** Undefined where the message itself says it: in English, and for codes without a text. */
export function heldWords(language: Language, code: string): HeldWords | undefined {
  return language === 'vi' ? VIETNAMESE[code as ProblemCode] : undefined;
}

const VIETNAMESE: Partial<Record<ProblemCode, HeldWords>> = {
  'bad-filename': { why: 'Tên tệp không đúng quy cách.', todo: 'đặt lại đúng tên mà công cụ dựng gói đã đặt' },
  'bad-metadata': { why: 'Phần mô tả bên trong gói bị sai.', todo: 'dựng lại gói bằng công cụ mới' },
  'bad-side-file': { why: 'Tệp đi kèm không đọc được.', todo: 'sửa hoặc xóa tệp đi kèm đó' },
  'bad-version': { why: 'Số phiên bản không hợp lệ.', todo: 'đặt phiên bản theo PEP 440 rồi dựng lại' },
  'changed-while-reading': { why: 'Tệp đang được ghi dở.', todo: 'chờ tải lên xong; lần chạy sau sẽ liệt kê' },
  conflict: {
    why: 'Có nhiều tệp cùng tên nhưng nội dung khác nhau.',
    todo: 'giữ lại một tệp, xóa hoặc đổi tên các tệp kia',
  },
  damaged: { why: 'Tệp bị hỏng.', todo: 'chép lại tệp' },
  empty: { why: 'Tệp rỗng.', todo: 'chép lại tệp' },
  incomplete: { why: 'Tệp chưa đủ, có lẽ đang tải lên dở.', todo: 'chờ tải xong, hoặc chép lại tệp' },
  'link-outside': { why: 'Đây là liên kết trỏ ra ngoài kho.', todo: 'chép chính tệp đó vào chỗ của liên kết' },
  'metadata-too-big': { why: 'Phần mô tả quá dài.', todo: 'rút gọn phần mô tả rồi dựng lại' },
  'name-mismatch': {
    why: 'Tên tệp và tên bên trong gói khác nhau.',
    todo: 'đặt lại đúng tên mà công cụ dựng gói đã đặt',
  },
  'no-metadata': { why: 'Gói thiếu phần mô tả mà pip cần.', todo: 'dựng lại gói bằng công cụ mới' },
  'not-a-package': { why: 'Đây không phải là gói Python.', todo: 'chuyển tệp ra khỏi packages/' },
  'not-an-archive': { why: 'Nội dung tệp không phải là gói nén.', todo: 'tải hoặc dựng lại gói' },
  'not-readable': { why: 'kho không được phép đọc tệp.', todo: 'cấp quyền đọc (chmod u+r)' },
  'not-readable-by-others': { why: 'Máy chủ web có thể không đọc được tệp.', todo: 'cấp quyền đọc (chmod go+r)' },
  'overlapping-members': { why: 'Các phần trong gói chồng lên nhau.', todo: 'đừng tin tệp này; hãy dựng lại gói' },
  'too-big': { why: 'Gói quá lớn.', todo: 'chia nhỏ gói' },
  'too-many-members': { why: 'Gói chứa quá nhiều tệp.', todo: 'chia nhỏ gói' },
  'unsafe-member': {
    why: 'Gói chứa tệp có thể ghi ra ngoài chỗ giải nén.',
    todo: 'đừng tin tệp này; hãy dựng lại gói',
  },
  unsupported: { why: 'Không trình cài đặt nào còn dùng loại tệp này.', todo: 'dựng thành wheel' },
  'version-mismatch': {
    why: 'Phiên bản trong tên tệp và bên trong gói khác nhau.',
    todo: 'đặt lại đúng tên mà công cụ dựng gói đã đặt',
  },
};
