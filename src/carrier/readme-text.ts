/** For the person who carries the disk, who need not know what a package is. With what Windows needs to show it right. */

const LINES = [
  'Ổ ĐĨA NÀY MANG CÁC GÓI PHẦN MỀM ĐẾN MÁY CHỦ Ở NÔNG TRẠI (kho)',
  '',
  '1. Cắm ổ đĩa vào máy chủ ở nông trại.',
  '2. Người quản trị gõ lệnh:   kho unpack THƯ-MỤC-CỦA-Ổ-ĐĨA',
  '3. Chờ đến khi lệnh báo "the disk may be taken out" (có thể rút ổ đĩa ra), rồi mới rút.',
  '4. Mang ổ đĩa về trung tâm: nó ghi lại máy chủ đã có những gì, nên lần sau chỉ chép phần còn thiếu.',
  '',
  'Không đổi tên, không xóa, không sửa tệp nào trong thư mục kho-carrier.',
  'Các tệp khác của bạn có thể nằm cạnh thư mục này.',
  'Nếu ổ đĩa bị rút ra sớm hoặc một tệp bị hỏng: không sao, cắm lại và chạy lại lệnh; chỉ tệp đó phải chép lại.',
  '',
  '',
  'THIS DISK CARRIES SOFTWARE PACKAGES TO THE SERVER OF A FARM (kho)',
  '',
  '1. Plug it into the server of the farm.',
  '2. Who looks after it types:   kho unpack FOLDER-OF-THE-DISK',
  '3. Wait until it says that the disk may be taken out, then take it out.',
  '4. Bring it back to the centre: it knows now what that server has, and next time carries only what lacks.',
  '',
  'Rename, delete and change nothing in the folder kho-carrier. Other files of yours may lie beside it.',
  'If it was taken out too early, or a file is damaged: plug it in and run the command again; that file alone has to be copied anew.',
  '',
];

/** UTF-8 with a mark that says so, and line ends of Windows. */
export const README_TEXT = `\ufeff${LINES.join('\r\n')}`;
