import { PlanError } from '../errors.ts';
import type { TrainingSetup } from '../options.ts';
import type { PlanName } from '../types.ts';
import { createLayeredPlan } from './layered-plan.ts';
import { createFusedPlan, type FusedTiling, whyNotNarrow } from './narrow.ts';
import type { Plan, PlanContext } from './plan.ts';
import { createResidentPlan, type ResidentTiling, whyNotResident } from './resident.ts';

/** Rows, units and invocations that a software adapter and a GPU can both work with. */
const RESIDENT_TILING: ResidentTiling = { rows: 1, units: 1, workgroup: 256 };

/**
 * Makes the plan that was asked for, or the one for the network's shape.
 * @throws {PlanError} if the plan does not take this network
 */
export async function createPlan(context: PlanContext, wanted: 'auto' | PlanName): Promise<Plan> {
  const name = wanted === 'auto' ? planFor(context) : wanted;
  const reason = whyNot(name, context);
  if (reason) throw new PlanError(name, reason);
  switch (name) {
    case 'layered':
      return createLayeredPlan(context);
    case 'fused':
      return createFusedPlan(context, fusedTiling(context.setup));
    case 'resident':
      return createResidentPlan(context, RESIDENT_TILING);
  }
}

/** Why a plan does not take a network, as what it takes and what came; undefined if it does. */
export function whyNot(plan: PlanName, context: PlanContext): string | undefined {
  switch (plan) {
    case 'layered':
      return undefined;
    case 'fused':
      return whyNotNarrow(context.setup);
    case 'resident':
      return whyNotResident(context, RESIDENT_TILING);
  }
}

/** By shape alone, so that a seed gives the same bits whatever a device is good at. */
function planFor(context: PlanContext): PlanName {
  return whyNot('fused', context) === undefined ? 'fused' : 'layered';
}

/** Numbers that an invocation keeps in registers at once. */
const REGISTERS = 64;

/** As much as fits the registers, eight at the most. */
function fusedTiling({ sizes, data, precision }: TrainingSetup): FusedTiling {
  const inner = sizes.length > 2 ? data.features : 0;
  const registers = REGISTERS / (precision === 'single' ? 1 : 4);
  const atOnce = (each: number) => Math.max(1, Math.min(8, Math.floor(registers / each)));
  return {
    rows: atOnce(inner + data.classes),
    units: atOnce(2 * inner + 2 * data.classes),
    forwardWorkgroup: 4,
    backwardWorkgroup: 4,
  };
}
