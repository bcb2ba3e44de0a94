import { type MatmulForm, STRIP_TERMS } from '../../../shaders/lib/epilogue.ts';
import { SHARED_INVOCATIONS } from '../../../shaders/matmul-shared.wgsl.ts';
import type { Precision } from '../../types.ts';
import { checkIterations, isSoftwareAdapter, mostIterations } from '../device/adapter.ts';

/** The shape of a product: m×n numbers, each a sum of k terms. */
export interface MatmulShape {
  form: MatmulForm;
  m: number;
  k: number;
  n: number;
}

/**
 * The unit that computes a tile of the product: an invocation, four invocations that share reads,
 * or a workgroup.
 */
export interface Kind {
  kind: 'register' | 'quad' | 'shared';
  /** The tile of one invocation, or of the workgroup if invocations share it. */
  tile: { rows: number; columns: number };
}

/** One way to compute a product. All ways give the same bits. */
interface Way extends Kind {
  /**
   * Whether each strip of the sums has its own workgroups, so that a second kernel adds the strips.
   */
  split: boolean;
}

/** A way to compute a product, with the operands that are read four numbers at a time. */
export interface MatmulChoice extends Way {
  /** Which operands are read four numbers at a time. */
  vectors: { a: boolean; b: boolean };
}

/** The properties of a device that the rules use. Older browsers do not describe the adapter. */
export type MatmulDevice = Pick<GPUDevice, 'features'> & {
  readonly adapterInfo?: GPUAdapterInfo;
  readonly limits?: Pick<GPUSupportedLimits, 'maxComputeInvocationsPerWorkgroup'>;
};

/**
 * The tiles that pay, largest first. A double-single takes more registers and memory than a
 * float32.
 */
const SINGLE_TILES = {
  quad: [tile('quad', 32, 8), tile('quad', 16, 4), tile('quad', 8, 4)],
  register: [tile('register', 16, 8), tile('register', 8, 8)],
  shared: [tile('shared', 128, 128), tile('shared', 64, 64)],
};
const DOUBLE_TILES = {
  quad: [tile('quad', 8, 4)],
  register: [tile('register', 8, 4)],
  shared: [tile('shared', 64, 64)],
};

/**
 * Terms of all sums in a product below which a larger kernel costs more to compile than it saves.
 */
const SMALL = 2 ** 20;
/** Terms of all sums in a product from which on the largest quads pay. */
const LARGE = 2 ** 30;
/** Workgroups that keep a graphics card busy. */
const BUSY = 64;
/** The largest number of values between the two kernels of a split product. */
const LARGEST_SCRATCH = 2 ** 22;

/**
 * Chooses the way to compute a product on a device, by rules and without measuring. Small products
 * get small tiles. On software adapters larger products get large register tiles, in quads if
 * subgroups are quads. On graphics cards they get blocks in workgroup memory, split if there are
 * too few blocks or the sums are longer than a loop may be.
 * @throws {LimitError} if the sums are too long for the device
 */
export function chooseMatmul(shape: MatmulShape, device: MatmulDevice, precision: Precision): MatmulChoice {
  const { k } = shape;
  const mustSplit = isTooLong(k, device);
  if (mustSplit) checkIterations(device.adapterInfo, `A sum of ${k} terms`, iterations(k, true));
  const ways = preferred(shape, device.adapterInfo, precision, mustSplit);
  const way = ways.find((way) => fits(way, shape, device)) ?? { ...smallestKind(shape), split: mustSplit };
  return { ...way, vectors: vectorsOf(shape, way, precision) };
}

/** The ways that are faster than the smallest kernel, fastest first, whether they fit or not. */
function preferred(
  shape: MatmulShape,
  adapter: GPUAdapterInfo | undefined,
  precision: Precision,
  mustSplit: boolean,
): Way[] {
  const { m, k, n } = shape;
  const terms = m * k * n;
  const { quad, register, shared } = precision === 'single' ? SINGLE_TILES : DOUBLE_TILES;
  if (terms < SMALL) return [];
  if (adapter && isSoftwareAdapter(adapter)) {
    const quads = adapter.subgroupMaxSize === 4 ? quad : [];
    const paying = quads.filter(({ tile }) => tile.rows < 32 || terms >= LARGE);
    return [...paying, ...register].map((kind) => ({ ...kind, split: mustSplit }));
  }
  const workgroups = (side: number) => Math.ceil(m / side) * Math.ceil(n / side);
  const few = workgroups(64) < BUSY;
  const paying = shared.filter(({ tile }) => tile.rows === 64 || workgroups(tile.rows) >= BUSY);
  return [
    ...paying.flatMap((kind) => [few, mustSplit].map((split) => ({ ...kind, split }))),
    { ...smallestKind(shape), split: true },
  ];
}

/** Whether a way suits a product and a device. */
export function fits({ kind, tile, split }: Way, { m, k, n }: MatmulShape, device: MatmulDevice): boolean {
  const { rows, columns } = extent({ kind, tile });
  const scratch = Math.ceil(k / STRIP_TERMS) * m * n;
  const mustSplit = isTooLong(k, device);
  return (
    // The product fills more than half of a tile.
    rows < 2 * m &&
    columns < 2 * n &&
    (split ? k > STRIP_TERMS && (mustSplit || scratch <= LARGEST_SCRATCH) : !mustSplit) &&
    (kind !== 'quad' || device.features.has('subgroups')) &&
    (kind !== 'shared' || SHARED_INVOCATIONS <= mostInvocations(device)) &&
    iterations(k, split, kind) <= mostIterations(device.adapterInfo)
  );
}

/** Invocations of a workgroup at the most; every adapter that is not a compatible one has 256. */
const mostInvocations = ({ limits }: MatmulDevice) => limits?.maxComputeInvocationsPerWorkgroup ?? 256;

/** Whether sums of k terms have to be split, whatever the kernel. */
function isTooLong(k: number, { adapterInfo }: MatmulDevice): boolean {
  return iterations(k, false) > mostIterations(adapterInfo);
}

/**
 * Loop iterations of an invocation for a product of k terms. For a split product, those of the
 * kernel with the longer loop.
 */
function iterations(k: number, split: boolean, kind: Kind['kind'] = 'register'): number {
  const strips = Math.ceil(k / STRIP_TERMS);
  // Between two barriers, a loop adds as many terms as workgroup memory holds, at least eight.
  const each = (terms: number) => (kind === 'shared' ? (terms * 9) / 8 : terms / 4 + 3);
  return Math.ceil(split ? Math.max(each(STRIP_TERMS), strips) : each(k) + strips);
}

/** The way that takes any product and compiles fast. */
export function smallestKind({ m, n }: MatmulShape): Kind {
  return tile('register', Math.min(4, m), Math.min(4, n));
}

export function tile(kind: Kind['kind'], rows: number, columns: number): Kind {
  return { kind, tile: { rows, columns } };
}

/** Rows and columns of the product that one invocation, quad or workgroup computes. */
export function extent({ kind, tile }: Kind): { rows: number; columns: number } {
  return kind === 'quad' ? { rows: tile.rows, columns: 4 * tile.columns } : tile;
}

/**
 * The operands that a kernel can read four numbers at a time, because four neighbours lie side by
 * side in memory: along k, or along the product's side.
 */
export function vectorsOf(
  { form, m, k, n }: MatmulShape,
  { kind, tile: { rows, columns } }: Kind,
  precision: Precision,
): MatmulChoice['vectors'] {
  const along = (alongK: boolean, side: number, tile: number) =>
    precision === 'single' && (alongK ? k % 4 === 0 && kind !== 'shared' : side % 4 === 0 && tile % 4 === 0);
  return {
    a: along(form !== 'tn', m, rows) && !(form === 'tn' && kind === 'quad'),
    b: along(form === 'nt', n, columns),
  };
}
