import type { ComponentType } from 'preact';

/** What every figure gets. */
export interface FigureProps {
  /** Whether the figure can be seen now: what computes or moves by itself stops when it cannot. */
  seen: boolean;
}

/** Loads the code of a figure. */
export type LoadFigure = () => Promise<ComponentType<FigureProps>>;
