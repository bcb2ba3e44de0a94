import { PlanError } from '../../errors.ts';
import type { PlanName } from '../../types.ts';
import { isSoftwareAdapter } from '../device/adapter.ts';
import { whyNotNarrow } from '../network/narrow.ts';
import { createFusedPlan, type FusedTiling } from './fused-narrow.ts';
import { layeredCandidate } from './layered-candidate.ts';
import type { Candidate, PlanContext } from './plan.ts';
import { createResidentPlan } from './resident.ts';
import { type ResidentTiling, whyNotResident } from './resident-fit.ts';

/**
 * The ways to compute a network's steps by the plan that was asked for, or by those for its shape. The first is the one
 * to begin with, as it compiles soon; the safe one, where it is another, comes next.
 * @throws {PlanError} if the plan does not take this network
 */
export function candidates(context: PlanContext, wanted: 'auto' | PlanName): Candidate[] {
  if (wanted !== 'auto') {
    const reason = whyNot(wanted, context);
    if (reason) throw new PlanError(wanted, reason);
  }
  // By shape alone, so that a seed gives the same bits whatever a device is good at.
  const narrow = whyNotNarrow(context.setup) === undefined;
  if (wanted === 'layered' || !narrow) {
    return [layeredCandidate(context, wanted === 'layered' ? 'layered' : 'fused')];
  }
  const all = {
    fused: fusedCandidates(context),
    resident: whyNot('resident', context) ? [] : residentTilings(context).map(residentCandidate),
  };
  if (wanted !== 'auto') return all[wanted];
  const [first, ...others] = all.fused;
  // A GPU spends most of a small step on its dispatches, a software adapter on its arithmetic.
  return software(context) ? [...all.fused, ...all.resident] : [first, ...all.resident, ...others];
}

/** Why a plan does not take a network, as what it takes and what came; undefined if it does. */
export function whyNot(plan: PlanName, context: PlanContext): string | undefined {
  switch (plan) {
    case 'layered':
    case 'fused':
      return undefined;
    case 'resident':
      return whyNotResident(context, residentTilings(context)[0]);
  }
}

const software = ({ memory }: PlanContext) => isSoftwareAdapter(memory.device.adapterInfo);

function fusedCandidate(tiling: FusedTiling): Candidate {
  const { rows, units, forwardWorkgroup, backwardWorkgroup } = tiling;
  return {
    name: `fused, ${rows} rows × ${forwardWorkgroup} and ${units} units × ${backwardWorkgroup} a workgroup`,
    create: (context) => createFusedPlan(context, tiling),
  };
}

function residentCandidate(tiling: ResidentTiling): Candidate {
  return {
    name: `resident, ${tiling.workgroup} invocations`,
    create: (context) => createResidentPlan(context, tiling),
  };
}

/** Numbers that an invocation keeps at once at the most; a double-single takes more for its own arithmetic. */
const REGISTERS = { single: 190, double: 24 };
/** The same for kernels that software adapters compile soon: they take as long as there are numbers. */
const SOON = 20;
/** Invocations of a workgroup that software adapters compute in one go. */
const VECTOR = 4;

/**
 * Few rows or units an invocation and many invocations for GPUs; the reverse for software adapters, which spread
 * workgroups over few cores and lose most of their time on loads. These begin with less, for the sake of the compiler.
 */
function fusedCandidates(context: PlanContext): Candidate[] {
  const { sizes, data, batchSize, precision } = context.setup;
  const numbers = (sizes.length > 2 ? data.features : 0) + data.classes;
  const most = Math.max(1, Math.floor(REGISTERS[precision] / numbers));
  const tilings = [
    { rows: 1, units: 1, workgroup: 64 },
    { rows: 1, units: 1, workgroup: 32 },
    { rows: 2, units: 2, workgroup: 32 },
    { rows: 4, units: 4, workgroup: 8 },
    { rows: 8, units: 8, workgroup: 4 },
    software(context)
      ? {
          rows: evenShare(batchSize, Math.min(38, most)),
          units: evenShare(sizes[sizes.length - 2], 13),
          workgroup: VECTOR,
        }
      : { rows: 16, units: 13, workgroup: 4 },
  ].map(({ rows, units, workgroup }) => ({
    rows: Math.min(rows, most),
    // A unit has its gradients besides.
    units: Math.max(1, Math.min(units, Math.floor(most / 2))),
    forwardWorkgroup: workgroup,
    backwardWorkgroup: workgroup,
  }));
  const distinct = tilings.filter((tiling, i) => i === tilings.findIndex((other) => alike(tiling, other)));
  if (!software(context)) return distinct.map(fusedCandidate);
  const [largest, ...others] = distinct.reverse();
  const safe = { ...fusedCandidate(largest), safe: true };
  const compilesSoon = ({ rows, units }: FusedTiling) => Math.max(rows, units) * numbers <= SOON;
  if (compilesSoon(largest) || others.length === 0) return [safe, ...others.map(fusedCandidate)];
  const soon = others.find(compilesSoon) ?? others[others.length - 1];
  const rest = others.filter((tiling) => tiling !== soon);
  return [fusedCandidate(soon), safe, ...rest.map(fusedCandidate)];
}

/**
 * Rows or units for each invocation, at most `most`, so that there is an even number of workgroups: two cores, or more in
 * pairs, finish at the same time.
 */
function evenShare(count: number, most: number): number {
  const workgroups = 2 * Math.ceil(count / (2 * VECTOR * most));
  return Math.ceil(count / (VECTOR * workgroups));
}

function alike(a: FusedTiling, b: FusedTiling): boolean {
  return (Object.keys(a) as (keyof FusedTiling)[]).every((key) => a[key] === b[key]);
}

function residentTilings({ memory }: PlanContext): ResidentTiling[] {
  const most = memory.device.limits.maxComputeInvocationsPerWorkgroup;
  return [256, 128, 512, 64]
    .filter((workgroup) => workgroup <= most)
    .map((workgroup) => ({ rows: 1, units: 1, workgroup }));
}
