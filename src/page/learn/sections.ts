import type { LoadFigure } from './frame/figure.ts';

interface Section {
  id: string;
  /** Names of the step's lines that the section explains, of the linear classifier or the network. */
  operations: readonly string[];
  /** The figure beside the section's text. */
  figure?: LoadFigure;
}

/** The sections of the article in their order. Their words stand in `article`. */
const ARTICLE = [
  {
    id: 'data',
    operations: [],
    figure: async () => (await import('./figures/spiral/spiral-figure.tsx')).SpiralFigure,
  },
  {
    id: 'linear',
    operations: ['scores'],
    figure: async () => (await import('./figures/linear/linear-figure.tsx')).LinearFigure,
  },
  {
    id: 'loss',
    operations: ['softmax'],
    figure: async () => (await import('./figures/softmax/softmax-figure.tsx')).SoftmaxFigure,
  },
  {
    id: 'gradient',
    operations: ['softmax', 'dW 0', 'db 0'],
    figure: async () => (await import('./figures/gradient/gradient-figure.tsx')).GradientFigure,
  },
  {
    id: 'update',
    operations: ['update W 0', 'update b 0', 'update W 1', 'update b 1'],
    figure: async () => (await import('./figures/surface/surface-figure.tsx')).SurfaceFigure,
  },
  {
    id: 'failure',
    operations: [],
    figure: async () => (await import('./figures/linear/failure-figure.tsx')).FailureFigure,
  },
  {
    id: 'hidden',
    operations: ['hidden 0', 'scores'],
    figure: async () => (await import('./figures/creases/creases-figure.tsx')).CreasesFigure,
  },
  {
    id: 'backpropagation',
    operations: ['dW 1', 'db 1', 'dhidden 0', 'ReLU mask 0', 'dW 0', 'db 0'],
    figure: async () => (await import('./figures/circuit/circuit-figure.tsx')).CircuitFigure,
  },
  {
    id: 'training',
    operations: [],
    figure: async () => (await import('./figures/training/training-figure.tsx')).TrainingFigure,
  },
  {
    id: 'space',
    operations: [],
    figure: async () => (await import('./figures/space/space-figure.tsx')).SpaceFigure,
  },
  { id: 'gpu', operations: [] },
] as const satisfies readonly Section[];

export type SectionId = (typeof ARTICLE)[number]['id'];

export const SECTIONS: readonly (Section & { id: SectionId })[] = ARTICLE;
