import type { TrainingSetup } from '../../options/setup.ts';
import { stepOperations } from '../../step-operations.ts';
import type { KernelCall, Operation } from '../../types.ts';
import type { Dispatch } from '../kernels/dispatch.ts';

/** The operations of a step over a whole batch, in the order of a plan's dispatches. */
export function operationsOf(dispatches: readonly Dispatch[], setup: TrainingSetup): Operation[] {
  const first = (name: string) => dispatches.findIndex(({ computes }) => computes.includes(name));
  let place = 0;
  return stepOperations(setup)
    .map((operation) => {
      const found = first(operation.name);
      // Settings that have changed since the last step may have lines that no kernel computes yet.
      place = found < 0 ? place : found;
      const own = dispatches.filter(({ computes }) => computes.includes(operation.name));
      return { place, operation: { ...operation, kernels: own.map(kernelCall) } };
    })
    .sort((a, b) => a.place - b.place)
    .map(({ operation }) => operation);
}

function kernelCall({ label, code, workgroups, workgroup, bindings }: Dispatch): KernelCall {
  return {
    label,
    code,
    workgroupSize: [workgroup],
    workgroups: [...workgroups],
    bindings: bindings.map((binding) => ({ ...binding })),
  };
}
