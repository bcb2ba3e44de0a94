/** The bytes of each compiled variant of the kernels: `relaxed` is single precision with relaxed SIMD. */
export const SIZES: Record<'single' | 'relaxed' | 'double', number>;
/** All variants, one after the other, packed by gzip, in base64. */
export const PACKED: string;
