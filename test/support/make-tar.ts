/** A member of a tar, with knobs for lies and for the ways to say what does not fit its header. */
export interface TarMember {
  path: string;
  bytes?: Uint8Array | string;
  /** One character: `0` file, `1` hard link, `2` link, `5` folder, `x` pax header, `L` GNU long name. */
  type?: string;
  linkTo?: string;
  /** Fields of a pax header written before it. */
  pax?: Record<string, string>;
  /** Path and link as GNU tar writes long ones. */
  gnuLong?: boolean;
  /** ustar's second half of the path. */
  prefix?: string;
  says?: {
    size?: number;
    /** The bytes of the field, 12 of them. */
    sizeField?: Uint8Array;
    checksum?: number;
  };
}

const BLOCK = 512;

/** A tar archive made in code, the same bytes each time. It ends with two blocks of zeros unless `end` is other bytes. */
export function makeTar(members: TarMember[], end: Uint8Array = Buffer.alloc(2 * BLOCK)): Uint8Array {
  return Buffer.concat([...members.flatMap(writeMember), end]);
}

function writeMember(member: TarMember): Uint8Array[] {
  const { path, type = '0', linkTo = '', pax, gnuLong, prefix = '', says = {} } = member;
  const data = Buffer.from((member.bytes ?? '') as string);
  const before: Uint8Array[] = [];
  if (pax) before.push(...writeMember({ path: 'PaxHeaders/x', type: 'x', bytes: paxRecords(pax) }));
  if (gnuLong) before.push(...writeMember({ path: '././@LongLink', type: 'L', bytes: `${path}\0` }));
  if (gnuLong && linkTo) before.push(...writeMember({ path: '././@LongLink', type: 'K', bytes: `${linkTo}\0` }));

  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(says.size ?? data.length).toString(8).padStart(11, '0')}\0`, 124);
  if (says.sizeField) header.set(says.sizeField, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(linkTo, 157, 100);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345, 155);
  const checksum = says.checksum ?? header.reduce((total, byte) => total + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);

  const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
  return [...before, header, data, padding];
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
export function paxRecords(fields: Record<string, string>): Uint8Array {
  return Buffer.concat(
    Object.entries(fields).map(([key, value]) => {
      const rest = Buffer.from(` ${key}=${value}\n`);
      let length = rest.length + String(rest.length).length;
      length = rest.length + String(length).length;
      return Buffer.concat([Buffer.from(String(length)), rest]);
    }),
  );
}
