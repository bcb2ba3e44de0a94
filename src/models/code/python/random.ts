import type { Uses } from '../uses.ts';
import { STEP } from './names.ts';

/** `permutation(count, seed)`: the shuffle of a data set's rows. */
const PERMUTATION = [
  'def permutation(count, seed):',
  `${STEP}draws = np.random.RandomState(seed).random_sample(count)`,
  `${STEP}order = list(range(count))`,
  `${STEP}for i in range(count - 1, 0, -1):`,
  `${STEP}${STEP}j = int(draws[i] * (i + 1))`,
  `${STEP}${STEP}order[i], order[j] = order[j], order[i]`,
  `${STEP}return np.array(order)`,
];

/** `seed_of(epoch)`: the seed of an epoch's shuffle, by the finaliser of MurmurHash3. */
const EPOCH_SEED = [
  'def seed_of(epoch):',
  `${STEP}h = seed ^ ((epoch + 1) * 0x9e3779b1 & 0xffffffff)`,
  `${STEP}h = (h ^ (h >> 16)) * 0x85ebca6b & 0xffffffff`,
  `${STEP}h = (h ^ (h >> 13)) * 0xc2b2ae35 & 0xffffffff`,
  `${STEP}return h ^ (h >> 16)`,
];

/** `dropout_mask(step, layer, rows, units)`: the hash by which a step drops outputs. */
const DROPOUT_MASK = [
  'def mixed(h, word):',
  `${STEP}h = h + word + 0x9e3779b9 & 0xffffffff`,
  `${STEP}h = (h ^ (h >> 16)) * 0x7feb352d & 0xffffffff`,
  `${STEP}h = (h ^ (h >> 15)) * 0x846ca68b & 0xffffffff`,
  `${STEP}return h ^ (h >> 16)`,
  '',
  '',
  '# 0 for the outputs that a step drops, 1 / (1 - dropout) for the others: a hash of the seed, the',
  '# step, the layer, the row and the unit decides.',
  'def dropout_mask(step, layer, rows, units):',
  `${STEP}key = mixed(mixed(mixed(mixed(0, seed), step % 2**32), step // 2**32), layer)`,
  `${STEP}of_rows = mixed(key, np.array(rows, dtype=np.uint64))[:, np.newaxis]`,
  `${STEP}hashes = mixed(of_rows, np.arange(units, dtype=np.uint64))`,
  `${STEP}return (hashes >= min(int(dropout * 2**32 + 0.5), 2**32 - 1)) / (1 - dropout)`,
];

/** The functions of random numbers that a run needs. */
export function helpers(uses: Uses): string[] {
  return definitions(
    uses.batches || uses.test ? PERMUTATION : [],
    uses.batches ? EPOCH_SEED : [],
    uses.dropout ? DROPOUT_MASK : [],
  );
}

/** Functions with two empty lines around each, as a paragraph. */
export function definitions(...functions: (readonly string[])[]): string[] {
  const needed = functions.filter((lines) => lines.length > 0);
  return needed.length === 0
    ? []
    : ['', ...needed.flatMap((lines, i) => (i > 0 ? ['', '', ...lines] : lines)), ''];
}
