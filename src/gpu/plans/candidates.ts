import { PlanError } from '../../errors.ts';
import type { PlanName } from '../../types.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { whyNotNarrow } from '../network/narrow.ts';
import { createFusedPlan, type FusedTiling } from './fused-narrow.ts';
import { createLayeredPlan } from './layered.ts';
import type { Plan, PlanContext } from './plan.ts';
import { createResidentPlan, type ResidentTiling, whyNotResident } from './resident.ts';

/**
 * Which plan computes a network's steps, and how its work is cut. Plain data, so that it can be
 * kept as JSON.
 */
export type Choice =
  /** Layer by layer. */
  | { plan: 'layered' | 'fused' }
  | { plan: 'fused'; tiling: FusedTiling }
  | { plan: 'resident'; tiling: ResidentTiling };

/** The few ways to compute a network's steps that are worth comparing: all give the same bits. */
export interface Choices {
  /** The first compiles soon: training begins with it where others are to be tried. */
  list: Choice[];
  /** What is likely the fastest: the one to keep where nothing is measured. */
  likely: Choice;
  /** The choices for a driver that takes none of the others. */
  others: Choice[];
}

/**
 * The choices for the plan that was asked for, or for a network's shape.
 * @throws {PlanError} if the plan does not take the network
 */
export function choicesFor(context: PlanContext, wanted: 'auto' | PlanName): Choices {
  if (wanted !== 'auto') {
    const reason = whyNot(wanted, context);
    if (reason) throw new PlanError(wanted, reason);
  }
  // By shape alone, so that a seed gives the same bits whatever a device is good at.
  const narrow = whyNotNarrow(context.setup) === undefined;
  const others: Choice[] = wanted === 'auto' ? [{ plan: 'fused' }, { plan: 'layered' }] : [];
  if (wanted === 'layered' || !narrow) {
    return { ...only({ plan: wanted === 'layered' ? 'layered' : 'fused' }), others };
  }
  const resident: Choice = { plan: 'resident', tiling: residentTiling(context) };
  if (wanted === 'resident') return only(resident);
  const fused = { ...fusedChoices(context), others };
  if (wanted === 'auto' && !whyNot('resident', context)) fused.list.push(resident);
  return fused;
}

const only = (choice: Choice): Choices => ({ list: [choice], likely: choice, others: [] });

/** Why a plan does not take a network, as what it takes and what came; undefined if it does. */
export function whyNot(plan: PlanName, context: PlanContext): string | undefined {
  return plan === 'resident' ? whyNotResident(context, residentTiling(context)) : undefined;
}

/** A choice in words, such as `resident, 256 invocations`. */
export function choiceName(choice: Choice): string {
  if (!('tiling' in choice)) return choice.plan;
  if (choice.plan === 'resident') return `resident, ${choice.tiling.workgroup} invocations`;
  const { rows, units, forwardWorkgroup, backwardWorkgroup } = choice.tiling;
  return `fused, ${rows} rows × ${forwardWorkgroup} and ${units} units × ${backwardWorkgroup} a workgroup`;
}

/** @throws {LimitError} {OutOfMemoryError} {ShaderError} */
export function createPlan(context: PlanContext, choice: Choice): Promise<Plan> {
  if (!('tiling' in choice)) return createLayeredPlan(context, choice.plan);
  if (choice.plan === 'fused') return createFusedPlan(context, choice.tiling);
  return createResidentPlan(context, choice.tiling);
}

const software = ({ memory }: PlanContext) => isSoftwareAdapter(memory.device.adapterInfo);

/** Numbers that an invocation keeps at the most; a double-single's arithmetic takes more. */
const REGISTERS = { single: 190, double: 24 };
/** The same for kernels that software adapters compile soon: numbers are what takes time. */
const SOON = 20;
/** Invocations of a workgroup that software adapters compute in one go. */
const VECTOR = 4;

/** Rows or units an invocation, the same for both, and invocations a workgroup. */
const GPU_TILINGS = [
  { perInvocation: 1, workgroup: 64 },
  { perInvocation: 2, workgroup: 32 },
];
const SOFTWARE_TILINGS = [
  { perInvocation: 8, workgroup: 4 },
  { perInvocation: 4, workgroup: 8 },
  { perInvocation: 2, workgroup: 32 },
  { perInvocation: 1, workgroup: 32 },
];

/**
 * Few rows or units an invocation and many invocations for GPUs; the reverse for software adapters,
 * which spread workgroups over few cores and lose most of their time on loads. These begin with
 * less, for the sake of the compiler.
 */
function fusedChoices(context: PlanContext): Omit<Choices, 'others'> {
  const { sizes, data, batchSize, precision } = context.setup;
  const numbers = (sizes.length > 2 ? data.features : 0) + data.classes;
  const most = Math.max(1, Math.floor(REGISTERS[precision] / numbers));
  const choice = (rows: number, units: number, workgroup: number): Choice => ({
    plan: 'fused',
    tiling: {
      rows: Math.min(rows, most),
      // A unit has its gradients besides.
      units: Math.max(1, Math.min(units, Math.floor(most / 2))),
      forwardWorkgroup: workgroup,
      backwardWorkgroup: workgroup,
    },
  });
  if (!software(context)) {
    const list = GPU_TILINGS.map(({ perInvocation, workgroup }) =>
      choice(perInvocation, perInvocation, workgroup),
    );
    return { list, likely: list[0] };
  }
  const rows = evenShare(batchSize, Math.min(38, most));
  const units = evenShare(sizes[sizes.length - 2], 13);
  const likely = choice(rows, units, VECTOR);
  if (Math.max(rows, units) * numbers <= SOON) return { list: [likely], likely };
  const soon =
    SOFTWARE_TILINGS.find(({ perInvocation }) => perInvocation * numbers <= SOON) ?? SOFTWARE_TILINGS[3];
  return { list: [choice(soon.perInvocation, soon.perInvocation, soon.workgroup), likely], likely };
}

/**
 * Rows or units for each invocation, at most `most`, so that there is an even number of workgroups:
 * two cores, or more in pairs, finish at the same time.
 */
function evenShare(count: number, most: number): number {
  const workgroups = 2 * Math.ceil(count / (2 * VECTOR * most));
  return Math.ceil(count / (VECTOR * workgroups));
}

/**
 * One row or unit an invocation, as there is but one workgroup, which a software adapter computes
 * on one core.
 */
function residentTiling(context: PlanContext): ResidentTiling {
  const tiling = (workgroup: number) => ({ rows: 1, units: 1, workgroup });
  const fewer = software(context) && whyNotResident(context, tiling(64)) === undefined;
  const { maxComputeInvocationsPerWorkgroup: most } = context.memory.device.limits;
  return tiling(fewer ? 64 : Math.min(256, most));
}
