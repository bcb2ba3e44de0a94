/** Colours and marker shape of the first classes: the first three have the notes' points and fills. */
export const CLASSES = [
  { point: '#9e0142', fill: '#cd526e', shape: 'circle' },
  { point: '#ffffbe', fill: '#feefb2', shape: 'triangle' },
  { point: '#5e4fa2', fill: '#698dc1', shape: 'square' },
  { point: '#66c2a5', fill: '#a6dccb', shape: 'diamond' },
  { point: '#f46d43', fill: '#f9ae94', shape: 'cross' },
  { point: '#2b2b33', fill: '#8b8b96', shape: 'star' },
  { point: '#00a0d6', fill: '#7cdcf5', shape: 'wedge' },
  { point: '#d81ec4', fill: '#ee9ce6', shape: 'pentagon' },
  { point: '#0b6b2e', fill: '#57a96c', shape: 'bar' },
  { point: '#8c510a', fill: '#c8a165', shape: 'hourglass' },
] as const;

type MarkerShape = (typeof CLASSES)[number]['shape'];

/** The colours and the marker of a class: colours come again after ten classes, with other markers. */
export function lookOf(label: number): { point: string; fill: string; shape: MarkerShape } {
  const count = CLASSES.length;
  const { shape } = CLASSES[(label + Math.floor(label / count)) % count];
  return { ...CLASSES[label % count], shape };
}

export const OUTLINE = '#1d1d24';

/**
 * Each marker's outline around the origin, as points of a polygon; a circle has none. Half its size
 * is about 1.
 */
export const OUTLINES: Record<Exclude<MarkerShape, 'circle'>, readonly (readonly [number, number])[]> = {
  triangle: [
    [0, -1.1],
    [1.05, 0.75],
    [-1.05, 0.75],
  ],
  square: [
    [-0.8, -0.8],
    [0.8, -0.8],
    [0.8, 0.8],
    [-0.8, 0.8],
  ],
  diamond: [
    [0, -1.15],
    [0.95, 0],
    [0, 1.15],
    [-0.95, 0],
  ],
  cross: [
    [-0.35, -1],
    [0.35, -1],
    [0.35, -0.35],
    [1, -0.35],
    [1, 0.35],
    [0.35, 0.35],
    [0.35, 1],
    [-0.35, 1],
    [-0.35, 0.35],
    [-1, 0.35],
    [-1, -0.35],
    [-0.35, -0.35],
  ],
  wedge: [
    [0, 1.1],
    [1.05, -0.75],
    [-1.05, -0.75],
  ],
  pentagon: Array.from({ length: 5 }, (_, i) => {
    const angle = (2 * i * Math.PI) / 5;
    return [1.1 * Math.sin(angle), -1.1 * Math.cos(angle)] as const;
  }),
  bar: [
    [-1.1, -0.45],
    [1.1, -0.45],
    [1.1, 0.45],
    [-1.1, 0.45],
  ],
  hourglass: [
    [-0.9, -1],
    [0.9, -1],
    [0.2, 0],
    [0.9, 1],
    [-0.9, 1],
    [-0.2, 0],
  ],
  star: Array.from({ length: 10 }, (_, i) => {
    const [angle, radius] = [(i * Math.PI) / 5, i % 2 ? 0.5 : 1.2];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)] as const;
  }),
};
