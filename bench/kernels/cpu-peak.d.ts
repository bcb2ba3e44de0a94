declare module '*.as.ts?variants' {
  /** Compiled files in base64. */
  const variants: Record<'single' | 'relaxed' | 'double', string>;
  export default variants;
}
