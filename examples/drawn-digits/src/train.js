import { writeFile } from 'node:fs/promises';
import { createTrainer, fit, report, split } from 'spiralnet';
import { digits, Scaling } from 'spiralnet/data';
import { exportModel } from 'spiralnet/models';

const { train, test } = split(await digits(), 0.25);
// Pixels from 0 to 1.
const scaling = new Scaling({ means: Array(64).fill(0), deviations: Array(64).fill(16) });
const trainer = await createTrainer({
  data: scaling.applyTo(train),
  hidden: [32],
  learningRate: 0.01,
  optimizer: { name: 'adam' },
  batchSize: 32,
  l2: 1e-3,
});
const held = scaling.applyTo(test);
const { best } = await fit(trainer, { epochs: 40, test: held, patience: 10 });
for (const { name, recall } of (await report(trainer, held)).classes)
  console.log(`${name}: ${(100 * recall).toFixed(0)} % recognised`);
console.log(`test accuracy ${best.accuracy.toFixed(3)}`);
await writeFile(
  new URL('predict.js', import.meta.url),
  await exportModel(trainer, 'javascript', { scaling }),
);
trainer.destroy();
