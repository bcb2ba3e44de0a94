import { PlanError } from '../errors.ts';
import type { PlanName } from '../types.ts';
import { isSoftwareAdapter } from './adapter.ts';
import { layeredCandidate } from './layered-candidate.ts';
import { createFusedPlan, type FusedTiling, whyNotNarrow } from './narrow.ts';
import type { Candidate, PlanContext } from './plan.ts';
import { createResidentPlan, type ResidentTiling, whyNotResident } from './resident.ts';

/**
 * The ways to compute a network's steps by the plan that was asked for, or by those for its shape. The first is the one
 * to begin with.
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
    fused: fusedTilings(context).map(fusedCandidate),
    resident: whyNot('resident', context) ? [] : residentTilings(context).map(residentCandidate),
  };
  if (wanted !== 'auto') return all[wanted];
  const [safe, ...others] = all.fused;
  // A GPU spends most of a small step on its dispatches, a software adapter on its arithmetic.
  return software(context) ? [safe, ...others, ...all.resident] : [safe, ...all.resident, ...others];
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
const REGISTERS = { single: 160, double: 24 };

/**
 * Few rows or units an invocation and many invocations for GPUs; the reverse for software adapters, which spread
 * workgroups over few cores and lose most of their time on loads.
 */
function fusedTilings(context: PlanContext): FusedTiling[] {
  const { sizes, data, precision } = context.setup;
  const numbers = (sizes.length > 2 ? data.features : 0) + data.classes;
  const most = Math.max(1, Math.floor(REGISTERS[precision] / numbers));
  const tilings = [
    { rows: 1, units: 1, workgroup: 64 },
    { rows: 1, units: 1, workgroup: 32 },
    { rows: 2, units: 2, workgroup: 32 },
    { rows: 4, units: 4, workgroup: 8 },
    { rows: 8, units: 8, workgroup: 4 },
    { rows: 16, units: 13, workgroup: 4 },
  ].map(({ rows, units, workgroup }) => ({
    rows: Math.min(rows, most),
    // A unit has its gradients besides.
    units: Math.max(1, Math.min(units, Math.floor(most / 2))),
    forwardWorkgroup: workgroup,
    backwardWorkgroup: workgroup,
  }));
  const distinct = tilings.filter((tiling, i) => i === tilings.findIndex((other) => alike(tiling, other)));
  return software(context) ? distinct.reverse() : distinct;
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
