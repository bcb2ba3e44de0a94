declare module 'wgsl-preprocessor/wgsl-preprocessor.js' {
  /** Tagged template that resolves `#if ${condition}`, `#elif`, `#else` and `#endif` in WGSL. */
  export function wgsl(strings: TemplateStringsArray, ...values: unknown[]): string;
}
