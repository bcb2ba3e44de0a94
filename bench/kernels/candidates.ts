import { STRIP_TERMS } from '../../shaders/lib/epilogue.ts';
import {
  chooseMatmul,
  fits,
  type MatmulChoice,
  type MatmulDevice,
  type MatmulShape,
  smallestKind,
  tile,
  vectorsOf,
} from '../../src/gpu/kernels/matmul.ts';
import type { Precision } from '../../src/types.ts';

/** A kernel for a product, which the rules may choose or not. */
export interface MatmulCandidate extends MatmulChoice {
  /** A name such as `register 4×4`, `quad 16×4 vec4` or `split 4 × shared 64×64`. */
  name: string;
}

const SINGLE_TILES = [
  tile('register', 8, 8),
  tile('register', 16, 8),
  tile('quad', 8, 4),
  tile('quad', 16, 4),
  tile('quad', 16, 8),
  tile('quad', 32, 8),
  tile('shared', 64, 64),
  tile('shared', 128, 128),
];
const DOUBLE_TILES = [tile('register', 8, 4), tile('quad', 4, 4), tile('quad', 8, 4), tile('shared', 64, 64)];

/** Every kernel for a product in a precision on a device, suitable or not. */
export function everyCandidate(
  shape: MatmulShape,
  device: MatmulDevice,
  precision: Precision,
): MatmulCandidate[] {
  const kinds = [smallestKind(shape), ...(precision === 'single' ? SINGLE_TILES : DOUBLE_TILES)].filter(
    ({ kind }) => kind !== 'quad' || device.features.has('subgroups'),
  );
  const splits = shape.k > STRIP_TERMS ? [false, true] : [false];
  return splits.flatMap((split) =>
    kinds.map((kind) => named(shape, { ...kind, split, vectors: vectorsOf(shape, kind, precision) })),
  );
}

/** The kernels that suit the shape, the rules' choice first. */
export function sensibleCandidates(
  shape: MatmulShape,
  device: MatmulDevice,
  precision: Precision,
): MatmulCandidate[] {
  const chosen = named(shape, chooseMatmul(shape, device, precision));
  const others = everyCandidate(shape, device, precision).filter((way) => fits(way, shape, device));
  return [chosen, ...others.filter(({ name }) => name !== chosen.name)];
}

function named({ k }: MatmulShape, choice: MatmulChoice): MatmulCandidate {
  const { kind, tile, vectors, split } = choice;
  const name = [
    split ? `split ${Math.ceil(k / STRIP_TERMS)} ×` : '',
    `${kind} ${tile.rows}×${tile.columns}`,
    vectors.a || vectors.b ? 'vec4' : '',
  ];
  return { ...choice, name: name.filter(Boolean).join(' ') };
}
