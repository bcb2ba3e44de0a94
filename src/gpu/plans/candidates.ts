import { PlanError } from '../../training-errors.ts';
import type { PlanName } from '../../types.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { whyNotNarrow } from '../network/narrow.ts';
import { createFusedPlan, type FusedTiling } from './fused-narrow.ts';
import type { Plan, PlanContext } from './plan.ts';
import { createResidentPlan, type ResidentTiling, whyNotResident } from './resident.ts';

/**
 * A plan for a network's steps, and the division of its work. Plain data, so that a cache can keep
 * a choice as JSON.
 */
export type Choice =
  /** Either form goes layer by layer. */
  | { plan: 'layered' | 'fused' }
  | { plan: 'fused'; tiling: FusedTiling }
  | { plan: 'resident'; tiling: ResidentTiling };

/** The plan that a caller asks for, or one choice and no other. */
export type Wanted = 'auto' | PlanName | Choice;

/** Chooses how a read computes a step by the kernels of a plan. */
export type ChoiceForRead = (context: PlanContext, plan: PlanName) => Choice;

/** The ways to compute a network's steps that are worth comparing. All ways give the same bits. */
export interface Choices {
  /**
   * The candidates. The first one compiles fast: training begins with it if there are others to
   * try.
   */
  list: Choice[];
  /** The choice that is likely the fastest, for a trainer that measures nothing. */
  likely: Choice;
  /** The choices for a driver that takes none of the others. */
  others: Choice[];
}

/**
 * The choices for a network's shape, or those that are wanted.
 * @throws {PlanError} if the plan does not take the network
 */
export function choicesFor(context: PlanContext, wanted: Wanted): Choices {
  if (typeof wanted !== 'string') return only(wanted);
  if (wanted !== 'auto') {
    const reason = whyNot(wanted, context);
    if (reason) throw new PlanError(wanted, reason);
  }
  // The shape alone decides, so that a seed gives the same bits on every device.
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

/**
 * The networks that a plan takes, and the network that came, in words; undefined if the plan takes
 * the network.
 */
export function whyNot(plan: PlanName, context: PlanContext): string | undefined {
  return plan === 'resident' ? whyNotResident(context, residentTiling(context)) : undefined;
}

/** The name of a choice, such as `resident, 256 invocations`. */
export function choiceName(choice: Choice): string {
  if (!('tiling' in choice)) return choice.plan;
  if (choice.plan === 'resident') return `resident, ${choice.tiling.workgroup} invocations`;
  const { rows, units, forwardWorkgroup, backwardWorkgroup } = choice.tiling;
  return `fused, ${rows} rows × ${forwardWorkgroup} and ${units} units × ${backwardWorkgroup} a workgroup`;
}

/**
 * Creates a plan. Narrow networks train without the code of the plans for any shape, which loads
 * when it is first needed.
 * @throws {LimitError} {OutOfMemoryError} {ShaderError}
 */
export async function createPlan(context: PlanContext, choice: Choice): Promise<Plan> {
  if (!('tiling' in choice)) {
    const { createLayeredPlan } = await import('./layered.ts');
    return createLayeredPlan(context, choice.plan);
  }
  if (choice.plan === 'fused') return createFusedPlan(context, choice.tiling);
  return createResidentPlan(context, choice.tiling);
}

const software = ({ memory }: PlanContext) => isSoftwareAdapter(memory.device.adapterInfo);

/**
 * The most numbers that an invocation keeps; double-single arithmetic needs more registers itself.
 */
const REGISTERS = { single: 190, double: 24 };
/**
 * The most numbers of a kernel that software adapters compile fast: compile time grows with them.
 */
const SOON = 20;
/** Invocations of a workgroup that a software adapter computes as one vector. */
const VECTOR = 4;

/** Rows or units of an invocation, the same for both, and invocations of a workgroup. */
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
 * The choices for the narrow form of `fused`. GPUs get few rows or units an invocation and many
 * invocations. Software adapters get the reverse, because they spread workgroups over few cores and
 * lose most of their time on loads; they begin with a tiling that compiles fast.
 */
function fusedChoices(context: PlanContext): Omit<Choices, 'others'> {
  const { sizes, data, batchSize, precision } = context.setup;
  const numbers = (sizes.length > 2 ? data.features : 0) + sizes[sizes.length - 1];
  const most = Math.max(1, Math.floor(REGISTERS[precision] / numbers));
  const choice = (rows: number, units: number, workgroup: number): Choice => ({
    plan: 'fused',
    tiling: {
      rows: Math.min(rows, most),
      // A unit also keeps its gradients.
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
 * Rows or units of an invocation, at most `most`, that make the number of workgroups even: two
 * cores, or pairs of cores, then finish at the same time.
 */
function evenShare(count: number, most: number): number {
  const workgroups = 2 * Math.ceil(count / (2 * VECTOR * most));
  return Math.ceil(count / (VECTOR * workgroups));
}

/**
 * One row or unit an invocation. The plan has one workgroup, which a software adapter runs on one
 * core, so fewer invocations suffice there.
 */
function residentTiling(context: PlanContext): ResidentTiling {
  const tiling = (workgroup: number) => ({ rows: 1, units: 1, workgroup });
  const fewer = software(context) && whyNotResident(context, tiling(64)) === undefined;
  const { maxComputeInvocationsPerWorkgroup: most } = context.memory.device.limits;
  return tiling(fewer ? 64 : Math.min(256, most));
}
