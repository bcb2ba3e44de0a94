import { figures } from './figures.ts';

/** A paragraph, a formula for {@link file://../operation/formula.tsx}, or lines of NumPy. */
export type LessonBlock = string | { formula: string } | { numpy: string };

export interface LessonSection {
  id: SectionId;
  title: string;
  blocks: readonly LessonBlock[];
  /**
   * Names of the step operations that the section explains, of the linear classifier or the
   * network.
   */
  operations: readonly string[];
}

type Lesson = readonly LessonSection[];

/** The sections in their order, and the step operations that each explains. */
const OPERATIONS = {
  data: [],
  linear: ['scores'],
  loss: ['softmax'],
  gradient: ['softmax', 'dW 0', 'db 0'],
  update: ['update W 0', 'update b 0', 'update W 1', 'update b 1'],
  failure: [],
  hidden: ['hidden 0', 'scores'],
  backpropagation: ['dW 1', 'db 1', 'dhidden 0', 'ReLU mask 0', 'dW 0', 'db 0'],
  success: [],
} satisfies Record<string, readonly string[]>;

type SectionId = keyof typeof OPERATIONS;

const SECTIONS = Object.keys(OPERATIONS) as SectionId[];

export type Figures = Readonly<Record<keyof typeof figures, string>>;

/** The lesson in one language. TypeScript refuses a lesson that lacks a section. */
export interface LessonWords {
  title: string;
  introduction(figures: Figures): string;
  /** The label of the buttons below a section. */
  operations: string;
  sections(figures: Figures): Record<SectionId, Pick<LessonSection, 'title' | 'blocks'>>;
}

export function lessonOf(words: LessonWords, stated: Figures = figures): Lesson {
  const sections = words.sections(stated);
  return SECTIONS.map((id) => ({ id, ...sections[id], operations: OPERATIONS[id] }));
}
