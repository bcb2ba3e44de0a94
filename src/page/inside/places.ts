import type { Operation, Tensor } from '../../index.ts';

/**
 * A place in the step: the tensors that replace each other there, such as `W 0` and `W 0 after`.
 */
export type Place = readonly [Tensor, ...Tensor[]];

export function placesOf(tensors: readonly Tensor[]): Place[] {
  return tensors
    .filter(({ replaces }) => replaces === undefined)
    .map((first) => [first, ...tensors.filter(({ replaces }) => replaces === first.name)]);
}

/**
 * What is at a place once some operations have been carried out, and whether it has been computed
 * by then.
 */
export function present(
  place: Place,
  operations: readonly Pick<Operation, 'writes'>[],
  done: number,
): { tensor: Tensor; computed: boolean } {
  const writer = ({ name }: Tensor) => operations.findIndex(({ writes }) => writes.includes(name));
  const tensor = place.findLast((tensor) => writer(tensor) >= 0 && writer(tensor) < done) ?? place[0];
  return { tensor, computed: writer(tensor) < done };
}

/**
 * The places of a step in columns: what goes in, then each layer's parameters and outputs, then the
 * loss.
 */
export function columnsOf(places: readonly Place[], layers: number): Place[][] {
  const chosen = (is: (tensor: Tensor) => boolean) =>
    places.filter(([tensor]) => is(tensor)).sort(([a], [b]) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
  return [
    chosen(({ kind }) => kind === 'inputs' || kind === 'labels'),
    ...Array.from({ length: layers }, (_, layer) => [
      chosen((tensor) => tensor.layer === layer && tensor.kind !== 'outputs'),
      chosen((tensor) => tensor.layer === layer && tensor.kind === 'outputs'),
    ]).flat(),
    chosen(({ kind }) => kind === 'probabilities' || kind === 'losses'),
  ];
}

const ROLES = ['value', 'gradient', 'moment'];
