import type { Operation, Tensor } from '../../../index.ts';

/**
 * A slot in the step: the tensors that replace each other there, such as `W 0` and `W 0 after`.
 */
export type Slot = readonly [Tensor, ...Tensor[]];

export function slotsOf(tensors: readonly Tensor[]): Slot[] {
  return tensors
    .filter(({ replaces }) => replaces === undefined)
    .map((first) => [first, ...tensors.filter(({ replaces }) => replaces === first.name)]);
}

/**
 * The tensor that a slot holds after the first `done` operations, and whether it has been computed.
 */
export function present(
  slot: Slot,
  operations: readonly Pick<Operation, 'writes'>[],
  done: number,
): { tensor: Tensor; computed: boolean } {
  const writer = ({ name }: Tensor) => operations.findIndex(({ writes }) => writes.includes(name));
  const tensor = slot.findLast((tensor) => writer(tensor) >= 0 && writer(tensor) < done) ?? slot[0];
  return { tensor, computed: writer(tensor) < done };
}
