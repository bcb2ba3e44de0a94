/** The kinds of files that are told apart by their first bytes; all others are texts with a record a line. */
export type FileKind = 'npy' | 'zip' | 'idx' | 'json' | 'workbook' | 'model' | 'text';

/** Bytes that tell the kind of a file. */
const HEAD = 256;

/** The kind of a file, of a compressed one the kind of what is in it. */
export async function kindOf(file: File): Promise<FileKind> {
  const head = await headOf(file);
  const name = file.name.toLowerCase().replace(/\.gz$/, '');
  if (startsWith(head, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])) return 'npy';
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6]))
    return /\.(xls[xmb]|ods|numbers)$/.test(name) ? 'workbook' : 'zip';
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) return 'workbook';
  // Two zeros, the type of the numbers, how many axes.
  if (
    head.length >= 8 &&
    head[0] === 0 &&
    head[1] === 0 &&
    head[2] >= 8 &&
    head[2] <= 14 &&
    head[3] >= 1 &&
    head[3] <= 4
  )
    return 'idx';
  // The length of a header in 64 bits, and the header in JSON.
  if (head.length > 8 && head[8] === 0x7b && head.subarray(4, 8).every((byte) => byte === 0)) return 'model';
  const text = new TextDecoder().decode(head).trimStart();
  return /^[[{]/.test(text) && (name.endsWith('.json') || /^(\[\s*[[{]|\{\s*")/.test(text)) ? 'json' : 'text';
}

/** The first bytes, unpacked. */
async function headOf(file: File): Promise<Uint8Array> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (!startsWith(head, [0x1f, 0x8b, 8])) return head;
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    const { value } = await reader.read();
    return (value ?? new Uint8Array()).subarray(0, HEAD);
  } catch {
    // The reader of the file finds it broken, too, and says more.
    return head;
  } finally {
    reader.cancel().catch(() => {});
  }
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);
