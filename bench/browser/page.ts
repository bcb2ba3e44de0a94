import { describeAdapter } from '../adapter.ts';
import { plainLoops } from '../plain.ts';
import { spiralnet } from '../spiralnet.ts';
import { runSuite } from '../suite.ts';
import { jax } from './jax.ts';
import { tensorflow } from './tensorflow.ts';

globalThis.bench = async (options, host) => {
  if (!crossOriginIsolated) throw new Error('The page is not isolated: its clock would be coarse.');
  const adapter = await describeAdapter(navigator.gpu);
  const contestants = [...spiralnet, plainLoops, ...tensorflow, ...jax];
  return runSuite(contestants, options, { ...host, ...(adapter && { adapter }) }, console.log);
};
