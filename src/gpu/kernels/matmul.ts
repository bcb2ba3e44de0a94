import { type MatmulForm, STRIP_TERMS } from '../../../shaders/lib/epilogue.ts';
import type { Arithmetic } from '../../../shaders/lib/real.ts';
import { checkIterations, isSoftwareAdapter, mostIterations } from '../device/adapter.ts';

/** A product of m×n numbers, each a sum over k. */
export interface MatmulShape {
  form: MatmulForm;
  m: number;
  k: number;
  n: number;
}

/** What computes a tile of the product: one invocation, four that share what they read, or a workgroup. */
export interface Kind {
  kind: 'register' | 'quad' | 'shared';
  /** Of one invocation; of the workgroup where it is shared. */
  tile: { rows: number; columns: number };
}

/** What of a device decides. Older browsers do not say which adapter it is of. */
type Device = Pick<GPUDevice, 'features'> & { readonly adapterInfo?: GPUAdapterInfo };

/** One way to compute a product. All of them give the same bits. */
export interface MatmulCandidate extends Kind {
  /** Such as `register 4×4`, `quad 16×4 vec4` or `split 4 × shared 64×64`. */
  name: string;
  /** Which operands are read four numbers at a time. */
  vectors: { a: boolean; b: boolean };
  /** Whether every strip of the sums has workgroups of its own, and a second kernel adds the strips. */
  split: boolean;
}

const REGISTER = [tile('register', 8, 8), tile('register', 16, 8)];
const QUAD = [tile('quad', 8, 4), tile('quad', 16, 4), tile('quad', 16, 8), tile('quad', 32, 8)];
const SHARED = [tile('shared', 64, 64), tile('shared', 128, 128)];
const DOUBLE = [tile('register', 8, 4), tile('quad', 4, 4), tile('quad', 8, 4), tile('shared', 64, 64)];

/** Products of all sums' terms below which compiling a larger kernel takes longer than it saves. */
const SMALL = 2 ** 20;
/** The same, from which on the largest register kernel pays. */
const LARGE = 2 ** 30;
/** Workgroups that keep a graphics card busy. */
const BUSY = 64;
/** Numbers that may be stored between the two kernels of a split product. */
const LARGEST_SCRATCH = 2 ** 22;

/** Every way to compute a product in an arithmetic on a device, sensible or not. */
export function everyCandidate(
  shape: MatmulShape,
  device: Device,
  arithmetic: Arithmetic,
): MatmulCandidate[] {
  const { m, k, n } = shape;
  const kinds = [
    tile('register', Math.min(4, m), Math.min(4, n)),
    ...(arithmetic === 'single' ? [...REGISTER, ...QUAD, ...SHARED] : DOUBLE),
  ].filter(({ kind }) => kind !== 'quad' || device.features.has('subgroups'));
  const splits = k > STRIP_TERMS ? [false, true] : [false];
  return splits.flatMap((split) => kinds.map((kind) => candidate(shape, kind, arithmetic, split)));
}

/**
 * The ways to compute a product that make sense for its shape on a device. The first is a safe choice by rules, without
 * measuring: small tiles for small products; else on software adapters large register tiles, in quads where subgroups
 * are quads, and on graphics cards blocks in workgroup memory, split where there would be too few, or where sums are
 * longer than a loop may be.
 * @throws {LimitError} if the sums are too long for the device
 */
export function matmulCandidates(
  shape: MatmulShape,
  device: Device,
  arithmetic: Arithmetic,
): MatmulCandidate[] {
  const { m, k, n } = shape;
  const scratch = Math.ceil(k / STRIP_TERMS) * m * n;
  const most = mostIterations(device.adapterInfo);
  const mustSplit = iterations(k, false) > most;
  const candidates = everyCandidate(shape, device, arithmetic).filter((candidate) => {
    const { rows, columns } = extent(candidate);
    // Less than half of a tile is wasted.
    const fits = rows < 2 * m && columns < 2 * n;
    const sized = candidate.split ? mustSplit || scratch <= LARGEST_SCRATCH : !mustSplit;
    return fits && sized && iterations(k, candidate.split, candidate.kind) <= most;
  });
  if (candidates.length === 0)
    checkIterations(device.adapterInfo, `A sum of ${k} terms`, iterations(k, true));
  const first = choose(shape, candidates, device.adapterInfo);
  return [first, ...candidates.filter((candidate) => candidate !== first)];
}

/** Loop iterations of an invocation for a product of k terms; of the longer of its two kernels, where it is split. */
function iterations(k: number, split: boolean, kind: Kind['kind'] = 'register'): number {
  const strips = Math.ceil(k / STRIP_TERMS);
  // In workgroup memory lie as many terms as a loop between two barriers takes one by one, at least eight.
  const each = (terms: number) => (kind === 'shared' ? (terms * 9) / 8 : terms / 4 + 3);
  return Math.ceil(split ? Math.max(each(STRIP_TERMS), strips) : each(k) + strips);
}

function choose(
  { m, k, n }: MatmulShape,
  candidates: MatmulCandidate[],
  adapter: GPUAdapterInfo | undefined,
): MatmulCandidate {
  const [smallest] = candidates;
  const terms = m * k * n;
  if (terms < SMALL) return smallest;
  const find = (kind: Kind['kind'], rows: number, split = smallest.split) =>
    candidates.find((c) => c.kind === kind && c.tile.rows === rows && c.split === split);
  if (adapter && isSoftwareAdapter(adapter)) {
    const quads = adapter.subgroupMaxSize === 4;
    return (
      (quads && ((terms >= LARGE && find('quad', 32)) || find('quad', 16) || find('quad', 8))) ||
      find('register', 16) ||
      find('register', 8) ||
      smallest
    );
  }
  const workgroups = (side: number) => Math.ceil(m / side) * Math.ceil(n / side);
  const small =
    find('shared', 64, workgroups(64) < BUSY) ??
    find('shared', 64) ??
    find('register', smallest.tile.rows, true);
  return (workgroups(128) >= BUSY && find('shared', 128)) || small || smallest;
}

function tile(kind: Kind['kind'], rows: number, columns: number): Kind {
  return { kind, tile: { rows, columns } };
}

/** Rows and columns of the product that one invocation, quad or workgroup computes. */
export function extent({ kind, tile }: Kind): { rows: number; columns: number } {
  return kind === 'quad' ? { rows: tile.rows, columns: 4 * tile.columns } : tile;
}

function candidate(
  { form, m, k, n }: MatmulShape,
  kind: Kind,
  arithmetic: Arithmetic,
  split: boolean,
): MatmulCandidate {
  const { rows, columns } = kind.tile;
  // Numbers that lie side by side: along k or along the product's side.
  const along = (alongK: boolean, side: number, tile: number) =>
    arithmetic === 'single' &&
    (alongK ? k % 4 === 0 && kind.kind !== 'shared' : side % 4 === 0 && tile % 4 === 0);
  const vectors = {
    a: along(form !== 'tn', m, rows) && !(form === 'tn' && kind.kind === 'quad'),
    b: along(form === 'nt', n, columns),
  };
  const name = [
    split ? `split ${Math.ceil(k / STRIP_TERMS)} ×` : '',
    `${kind.kind} ${rows}×${columns}`,
    vectors.a || vectors.b ? 'vec4' : '',
  ];
  return { ...kind, name: name.filter(Boolean).join(' '), vectors, split };
}
