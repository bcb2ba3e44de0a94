import type { TrainingSetup } from '../../options/setup.ts';
import { stepOperations } from '../../step-operations.ts';
import type { KernelCall, Operation } from '../../types.ts';
import type { Dispatch } from '../kernels/dispatch.ts';

/** The operations of a step over a whole batch, in the order of a plan's dispatches. */
export function operationsOf(dispatches: readonly Dispatch[], setup: TrainingSetup): Operation[] {
  const first = (name: string) => dispatches.findIndex(({ computes }) => computes.includes(name));
  return stepOperations(setup)
    .map((operation) => ({
      ...operation,
      kernels: dispatches.filter(({ computes }) => computes.includes(operation.name)).map(kernelCall),
    }))
    .sort((a, b) => first(a.name) - first(b.name));
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
