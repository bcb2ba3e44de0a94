/** Milliseconds in which every browser has begun to save a file. */
const BEGUN = 60_000;

/** Hands a file to the browser to be saved. */
export function download(name: string, contents: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([contents], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), BEGUN);
}
