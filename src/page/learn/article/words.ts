import type { SectionId } from '../sections.ts';
import type { numbers } from './numbers.ts';

/**
 * A paragraph, a formula for {@link file://../../inside/operation/formula.tsx}, lines of NumPy, or an
 * aside about the GPU, which is folded.
 */
export type Block = string | { formula: string } | { numpy: string } | { gpu: string };

export type Numbers = Readonly<Record<keyof typeof numbers, string>>;

export interface SectionWords {
  title: string;
  blocks: readonly Block[];
}

/** The article in one language. TypeScript refuses an article that lacks a section. */
export interface ArticleWords {
  title: string;
  introduction(numbers: Numbers): readonly string[];
  /** What stands before the links to lines of the step in the view Inside. */
  operations: string;
  sections(numbers: Numbers): Record<SectionId, SectionWords>;
}
