/** Reverses the order of the bytes in each group of a length. */
export function swapBytes(bytes: Uint8Array, length: number): void {
  if (length < 2) return;
  for (let start = 0; start < bytes.length; start += length) {
    for (let from = start, to = start + length - 1; from < to; from++, to--) {
      const byte = bytes[from];
      bytes[from] = bytes[to];
      bytes[to] = byte;
    }
  }
}
