import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

const SMALL = 'data=hills&points=120&noise=0.05&hidden=16&init=he&rate=0.02&optimizer=adam&l2=0&steps=300';

test('a regression learns values: figures, picture, legend and scatter say so', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink(`${SMALL}&test=0.25`);
  await training.trainToTheEnd();
  const figures = page.locator('.bar .figures');
  await expect(figures).toContainText('test r²');
  await expect(figures).not.toContainText('accuracy');
  const r2 = Number(await figures.locator('dt:text-is("r²") + dd').innerText());
  expect(r2).toBeGreaterThan(0.7);
  expect(r2).toBeLessThanOrEqual(1);
  await expect(training.status).toContainText(/r² 0\.\d{4}/);
  await expect(page.getByRole('heading', { name: 'Predicted values', exact: true })).toBeVisible();
  await expect(page.getByRole('img', { name: /^from orange at −1/ })).toBeVisible();
  await expect(training.regions).toHaveAccessibleName(/90 training points and 30 test points in the colour/);
  // The hill is blue, the hollow orange.
  const colours = await training.regions.evaluate((canvas: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
    copy?.drawImage(canvas, 0, 0);
    const { data = [] } = copy?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
    const counts = { blue: 0, orange: 0 };
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 2] - data[i] > 60) counts.blue++;
      if (data[i] - data[i + 2] > 60) counts.orange++;
    }
    return counts;
  });
  expect(Math.min(colours.blue, colours.orange)).toBeGreaterThan(5000);
  await expect(page.locator('.scatter circle')).toHaveCount(120);
  await expect(page.locator('.scatter')).toContainText(
    /root mean square is 0\.\d+ on the training points and/,
  );
  await expect(page.locator('.confusion')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'This run' })).toContainText(
    '30 test points, each with a value',
  );
  await expect(page.locator('.network').getByRole('button', { name: 'predicted value' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^r² against step/ })).toBeVisible();
  await expectAccessible(page);
});

test('what needs classes is left out, and says why', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('data=blobs&objective=hinge&balance=1,2,3&accuracy=0.9&hidden=4&init=he');
  await training.choose('Data set', 'plane');
  await expect(page).toHaveURL(/#train\?v=1&data=plane&noise=0\.05&hidden=4&init=he$/);
  const { settings } = training;
  await training.reveal(settings.getByText('half the squared error'));
  await expect(settings.getByText('half the squared error')).toBeVisible();
  for (const name of ['Classes', 'Points per class', 'Loss', 'Stop at accuracy'])
    await expect(settings.getByLabel(name, { exact: true }), name).toHaveCount(0);
  await expect(settings.getByRole('spinbutton', { name: 'Points', exact: true })).toHaveValue('100');
  await expect(page.getByText('Shade by confidence')).toHaveCount(0);
  // A person's points have values.
  await page.getByRole('radio', { name: 'add' }).check();
  await page.getByRole('combobox', { name: 'Value' }).selectOption('0.6');
  await training.regions.click({ position: { x: 20, y: 20 } });
  await expect(page).toHaveURL(/edits=a-1\.\d+,1\.\d+,4/);
  await expect(training.regions).toHaveAccessibleName(/101 training points/);
  // Classes come back with data that have them.
  await training.choose('Data set', 'moons');
  await expect(settings.getByLabel('Classes', { exact: true })).toHaveCount(1);
  await expect(page.getByText('Confusion matrix')).toBeVisible();
});

test('the view Inside takes a step of a regression apart, and checks it', async ({ page }) => {
  await page.goto(`/#inside?v=1&${SMALL}`);
  await expect(page.locator('.sample')).toContainText(/true value −?\d/);
  await expect(page.locator('.sample')).not.toContainText('probabilities');
  await expect(page.getByText('Sort samples by class')).toHaveCount(0);
  await page.locator('.checks > summary').click();
  await page.getByRole('button', { name: 'Check the gradients' }).click();
  await expect(page.locator('.gradient-check tbody tr')).toHaveCount(4);
  await expect(page.locator('.gradient-check td.bad')).toHaveCount(0);
  await page.getByRole('button', { name: 'Time the kernels' }).click();
  await expect(page.locator('.detail-panel')).toContainText(/\d µs/);
  await page.getByRole('button', { name: 'Run the checks' }).click();
  await expect(page.locator('.sanity li')).toHaveCount(4);
  await expect(page.locator('.sanity li.failed')).toHaveCount(0);
  await expect(page.locator('.sanity')).toContainText('The first loss is not checked here');
  await expectAccessible(page);
});

test('a regression is timed, stops at a loss, and a link repeats it', { tag: '@all' }, async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink(`${SMALL}&loss=0.03&at=100`);
  await expect(training.status).toContainText('Paused at step 100');
  const loss = await training.figure('loss');
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  await training.trainToTheEnd();
  await expect(training.status).toContainText('as the loss is low enough');
  expect(await training.figure('loss')).toBeLessThanOrEqual(0.03);
  await training.rewind.click();
  await training.enter('Stop at loss', '0');
  await training.enter('Stop at step', '100');
  await training.trainToTheEnd();
  expect(await training.figure('loss')).toBe(loss);
  await training.time();
});
