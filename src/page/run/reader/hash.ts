/**
 * SHA-256 of a file in hexadecimal digits; of several, of their hashes in the order of their names.
 * @returns an empty text where the connection is not secure, and browsers have no `crypto.subtle`
 */
export async function hashOf(files: readonly File[]): Promise<string> {
  // TypeScript's library knows secure connections only.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return '';
  const ordered = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const hashes: string[] = [];
  for (const file of ordered) hashes.push(hex(await subtle.digest('SHA-256', await file.arrayBuffer())));
  if (hashes.length === 1) return hashes[0];
  return hex(await subtle.digest('SHA-256', new TextEncoder().encode(hashes.join())));
}

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
