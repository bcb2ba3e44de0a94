import { loadDouble } from '../shaders/real.ts';

// Tests make kernels in double precision without a device that is asked first.
await loadDouble();
