import { test } from 'vitest';
import { create } from 'webgpu';
import { caseStudy, createTrainer } from './index.ts';
test('x', async () => {
  const gpu = create([]); const adapter = await gpu.requestAdapter(); const device = await adapter!.requestDevice();
  device.onuncapturederror = (e:any) => console.log('UNCAPTURED', e.error.message);
  for (const study of [caseStudy.linear, caseStudy.network]) {
    let t0 = performance.now();
    const t = await createTrainer({...study.options, device});
    console.log('create', performance.now()-t0, t.plan, t.backend);
    t0 = performance.now();
    let i = 0;
    for await (const m of t.run({steps: study.steps, every: study.every})) { const p = study.published.losses[i++]; console.log(m.step, m.loss.toFixed(6), p, (m.loss-p).toExponential(1)); }
    console.log((performance.now()-t0)/study.steps, 'ms/step', (await t.measure()).accuracy, t.step);
    const p = await t.predict(study.options.data.inputs); console.log(p.probabilities.slice(0,6), p.labels.slice(0,10));
    t.destroy();
  }
}, 100000);
