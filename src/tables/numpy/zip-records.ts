/** Signatures and fixed lengths of the records of a zip file; PKWARE's APPNOTE 6.3.10, 4.3. */
export const LOCAL = { signature: 0x04034b50, length: 30 };
export const CENTRAL = { signature: 0x02014b50, length: 46 };
export const END = { signature: 0x06054b50, length: 22 };
export const LOCATOR64 = { signature: 0x07064b50, length: 20 };
export const END64 = { signature: 0x06064b50, length: 56 };

/** The largest values of fields; in a file that is read they say that a record of 64 bits has the value. */
export const ALL16 = 2 ** 16 - 1;
export const ALL32 = 2 ** 32 - 1;
