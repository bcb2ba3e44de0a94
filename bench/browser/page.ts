import { plainLoops } from '../contestants/plain.ts';
import { spiralnet } from '../contestants/spiralnet.ts';
import { runSuite } from '../suite.ts';
import { jax } from './jax.ts';
import { tensorflow } from './tensorflow.ts';

globalThis.bench = (options, host) => {
  if (!crossOriginIsolated) throw new Error('The page is not isolated: its clock would be coarse.');
  return runSuite([...spiralnet, plainLoops, ...tensorflow, ...jax], options, host, console.log);
};
