import type { Points } from '../check-data.ts';
import { indented, number } from '../text.ts';
import type { ClassGenerator, PointFeature, SurfaceGenerator } from '../types.ts';
import { STEP } from './names.ts';

/** What to call the points. */
export const TITLES: Record<ClassGenerator | SurfaceGenerator, string> = {
  spiral: 'arms of a spiral',
  circles: 'rings',
  moons: 'half moons',
  blobs: 'round clouds',
  xor: 'opposite sectors of a disc',
  chequerboard: 'cells of a chequerboard',
  plane: 'a tilted plane',
  hills: 'a hill and a hollow',
  wave: 'a round wave',
};

/** The points of class `j` without noise; `N` of each of `K` classes, in the columns of `np.c_`. */
const CLASS_POINTS: Record<Exclude<ClassGenerator, 'spiral'>, string[]> = {
  circles: [
    'radius, angle = 0.9 * (j + 1) / K, 2 * np.pi * np.arange(N) / N',
    'points = radius * np.c_[np.cos(angle), np.sin(angle)]',
  ],
  moons: [
    'radius, x = 0.9 / (1 + (K - 1) * 1.25 / 2), (j - (K - 1) / 2) * 1.25',
    'y0, up = (-0.2, 1) if j % 2 == 0 else (0.2, -1)',
    'angle = np.pi * np.arange(N) / (N - 1) if N > 1 else np.array([np.pi / 2])',
    'points = radius * np.c_[x + np.cos(angle), y0 + up * np.sin(angle)]',
  ],
  blobs: ['angle = 2 * np.pi * j / K', 'points = 0.65 * np.array([np.cos(angle), np.sin(angle)])'],
  xor: [
    'draws = rng.random_sample((N, 2))',
    'width, sector = np.pi / K, j + np.arange(N) % 2 * K',
    'middle, angle = (sector + 0.5) * width, (sector + draws[:, 0]) * width',
    'radius = 0.85 * np.sqrt(draws[:, 1])',
    'points = 0.1 * np.c_[np.cos(middle), np.sin(middle)]',
    'points += radius[:, np.newaxis] * np.c_[np.cos(angle), np.sin(angle)]',
  ],
  chequerboard: [
    'side = max(4, K)',
    'cells = [(c, r) for c in range(side) for r in range(side) if (c + r) % K == j]',
    'corners = np.array([cells[i % len(cells)] for i in range(N)])',
    'points = 2 * (corners + 0.1 + 0.8 * rng.random_sample((N, 2))) / side - 1',
  ],
};

/** The height at the columns `x` and `y` of the points. */
const HEIGHTS: Record<SurfaceGenerator, string[]> = {
  plane: ['T = 0.6 * x - 0.4 * y'],
  hills: [
    'hill = np.exp(-((x - 0.45)**2 + (y - 0.45)**2) / 0.18)',
    'hollow = np.exp(-((x + 0.45)**2 + (y + 0.45)**2) / 0.18)',
    'T = hill - hollow',
  ],
  wave: ['T = np.sin(2 * np.pi * np.hypot(x, y))'],
};

/** Makes `X`, and `y` or `T`, with a generator `rng`. */
export function pointLines(points: Points): string[] {
  const noise = number(points.noise);
  if (points.kind === 'surface') {
    return [
      `rng = np.random.RandomState(${points.seed})`,
      `X = 2 * rng.random_sample((${points.count}, 2)) - 1`,
      'x, y = X[:, :1], X[:, 1:]',
      ...HEIGHTS[points.generator],
      ...(points.noise > 0 ? [`T = T + ${noise} * rng.randn(${points.count}, 1)`] : []),
    ];
  }
  const { generator, perClass, classes, seed } = points;
  const own =
    generator === 'spiral'
      ? [
          'r = np.linspace(0.0, 1, N)  # radius',
          `t = np.linspace(j * 4, (j + 1) * 4, N) + rng.randn(N) * ${noise}  # angle`,
          'X[rows] = np.c_[r * np.sin(t), r * np.cos(t)]',
        ]
      : [...CLASS_POINTS[generator], `X[rows] = points + ${noise} * rng.randn(N, 2)`];
  return [
    `rng = np.random.RandomState(${seed})`,
    `N = ${perClass}  # points of each class`,
    `K = ${classes}  # classes`,
    'X = np.zeros((N * K, 2))',
    'y = np.zeros(N * K, dtype=int)',
    'for j in range(K):',
    ...indented(['rows = range(N * j, N * (j + 1))', ...own, 'y[rows] = j'], STEP),
  ];
}

/** Each feature of the points (px, py). */
const COLUMNS: Record<PointFeature, string> = {
  x: 'px',
  y: 'py',
  x2: 'px**2',
  y2: 'py**2',
  xy: 'px * py',
  sinx: 'np.sin(np.pi * px)',
  siny: 'np.sin(np.pi * py)',
  r: 'np.hypot(px, py)',
  angle: 'np.arctan2(py, px)',
};

/** Replaces the coordinates in `X` by features of the points. */
export function featureLines(features: readonly PointFeature[]): string[] {
  if (features.join() === 'x,y') return [];
  return ['px, py = X.T', `X = np.c_[${features.map((feature) => COLUMNS[feature]).join(', ')}]`];
}
