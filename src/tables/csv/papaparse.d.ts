declare module 'papaparse/papaparse.js' {
  /** What the parser hands over after each record, and in the end. */
  interface Results {
    /** The record: one at each step. */
    data: string[][];
    errors: { code: 'MissingQuotes' | 'InvalidQuotes'; index: number }[];
    /** `cursor`: the end of the record in the input, with its line end. */
    meta: { cursor: number };
  }

  /** The parser below the package's main function, without workers and guesses. */
  class Parser {
    constructor(config: {
      delimiter: string;
      newline: '\n' | '\r';
      quoteChar?: string;
      step?: (results: Results) => void;
      preview?: number;
    });
    /** @param ignoreLastRow the input may end within its last record */
    parse(input: string, baseIndex: number, ignoreLastRow: boolean): Results;
    abort(): void;
  }

  const Papa: { Parser: typeof Parser };
  export default Papa;
}
