import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that a process takes for different things. */
export interface MemoryUse {
  /** All that is in physical memory: of the GPU's software driver, too. */
  resident: number;
  /** What JavaScript refers to. */
  heap: number;
  /** Of buffers and other things outside of it. */
  arrays: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What memory is used for when all that can be freed has been. */
export async function measureMemory(): Promise<MemoryUse> {
  // What has been collected may let go of something only in a later task.
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed, arrays: external };
}
