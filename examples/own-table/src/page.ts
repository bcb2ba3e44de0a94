import { createTrainer, fit, report, split } from 'spiralnet';
import { readCsv, standardize, tableDataset } from 'spiralnet/data';
import { exportModel } from 'spiralnet/models';

const part = <T extends Element>(selector: string) => document.querySelector(selector) as T;
const status = part<HTMLElement>('#status');
const save = part<HTMLButtonElement>('#save');
let model: Uint8Array | undefined;

/** Trains on the rows of a file, and shows how well the network does on a quarter of them. */
async function learn(file: File) {
  const table = await readCsv(file);
  const data = tableDataset(table);
  if (!('labels' in data)) throw new Error('The last column holds numbers, and this page tells classes.');
  const { train, test } = split(data, 0.25);
  if (!test) throw new Error('The table has too few rows to keep some for a test.');
  const { data: rows, scaling } = standardize(train);
  const held = scaling.applyTo(test);
  const trainer = await createTrainer({
    data: rows,
    hidden: [32],
    learningRate: 0.01,
    optimizer: { name: 'adam' },
    batchSize: 32,
    l2: 1e-4,
  });
  const { best, step } = await fit(trainer, {
    epochs: 200,
    test: held,
    patience: 20,
    progress: ({ step, test }) => {
      status.textContent = `Step ${step}: test loss ${test?.loss.toFixed(4)}`;
    },
  });
  status.textContent = `Test accuracy ${(100 * best.accuracy).toFixed(1)} % at step ${step}, on ${trainer.backend}.`;
  const { classes } = await report(trainer, held);
  part('#report').textContent = classes
    .map(({ name, count, recall }) => `${name}: ${(100 * recall).toFixed(0)} % of ${count} recognised`)
    .join('\n');
  model = await exportModel(trainer, 'onnx', { scaling });
  trainer.destroy();
  save.disabled = false;
}

function take(file: File | undefined) {
  if (!file) return;
  save.disabled = true;
  part('#report').textContent = '';
  status.textContent = `Reading ${file.name}.`;
  learn(file).catch((error: Error) => {
    status.textContent = error.message;
  });
}

part<HTMLInputElement>('#file').addEventListener('change', (event) => {
  take((event.target as HTMLInputElement).files?.[0]);
});
part('#drop').addEventListener('dragover', (event) => event.preventDefault());
part<HTMLElement>('#drop').addEventListener('drop', (event) => {
  event.preventDefault();
  take(event.dataTransfer?.files[0]);
});
save.addEventListener('click', () => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([model as Uint8Array<ArrayBuffer>]));
  link.download = 'network.onnx';
  link.click();
  URL.revokeObjectURL(link.href);
});
