import { loadDouble } from '../../shaders/lib/real.ts';

// Tests make kernels in double precision without a device that is asked first.
await loadDouble();
