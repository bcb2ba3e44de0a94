import { expect, test } from './fixture.ts';
import { TrainingPage } from './training-page.ts';

test('each unit has its picture, and the unit below the pointer is shown large', { tag: '@all' }, async ({
  page,
}) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=6-20&init=he');
  await expect(training.status).toContainText('Untrained');
  const network = page.getByRole('figure', { name: 'The network' });
  await expect(network.getByRole('button', { name: /^unit \d+ of hidden layer 1$/ })).toHaveCount(6);
  await expect(network.getByRole('button', { name: /^unit \d+ of hidden layer 2$/ })).toHaveCount(8);
  await expect(network).toContainText('8 of 20 units');
  await expect(network).toContainText('Lines are weights');
  const regions = await training.picture();
  await network.getByRole('button', { name: 'unit 3 of hidden layer 2' }).hover();
  await expect(page.getByRole('heading', { name: 'Output of unit 3 of hidden layer 2' })).toBeVisible();
  await expect(
    page.getByRole('img', { name: /^Output of unit 3 of hidden layer 2, over the plane/ }),
  ).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(page.getByRole('heading', { name: 'Decision regions' })).toBeVisible();
  expect(await training.picture()).toEqual(regions);
});

test('below a unit stand its formula and the range of its values', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=3&init=he&noise=0');
  const network = page.getByRole('figure', { name: 'The network' });
  await network.getByText('Weights between the units shown').click();
  const [fromX, fromY] = await network
    .getByRole('table')
    .first()
    .getByRole('row', { name: /^input/ })
    .all();
  const numbers = (text: string) =>
    (text.replaceAll('−', '-').match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []).map(Number);
  for (const unit of [1, 2, 3]) {
    await network.getByRole('button', { name: `unit ${unit} of hidden layer 1` }).hover();
    const told = page.getByText(/max\(0, /);
    // The first biases are 0.
    await expect(told).toHaveText(/: white is 0, the values go from 0 to [\d.]+$/);
    const [, xs, ys, formula, range] =
      /^x (.*), y (.*); max\(0, (.*)\): .*values (.*)$/.exec(await told.innerText()) ?? [];
    const [x, y, bias] = numbers(formula.replaceAll('− ', '−'));
    const cell = async (row: typeof fromX) =>
      numbers(
        await row
          .getByRole('cell')
          .nth(unit - 1)
          .innerText(),
      )[0];
    expect([x, y, bias]).toEqual([await cell(fromX), await cell(fromY), 0]);
    // A plane's largest value is at a corner. The figures are rounded.
    const corners = numbers(xs).flatMap((at) => numbers(ys).map((up) => x * at + y * up));
    const [least, most] = numbers(range);
    expect(least).toBe(0);
    expect(Math.abs(most - Math.max(...corners))).toBeLessThan(0.06 * (Math.abs(x) + Math.abs(y)));
  }
});

test('a unit that is 0 all over the picture is called dead, and a class is not', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=2&init=normal&deviation=0');
  const network = page.getByRole('figure', { name: 'The network' });
  await network.getByRole('button', { name: 'unit 1 of hidden layer 1' }).hover();
  await expect(page.getByText('max(0, 0x + 0y + 0): dead: 0 all over the picture')).toBeVisible();
  await network.getByRole('button', { name: 'probability of class 1' }).hover();
  await expect(page.getByText('white is 0, the values go from 0.333 to 0.333')).toBeVisible();
});

test('a click keeps a unit large, while the run goes on, until the next click', async ({ page }) => {
  const training = new TrainingPage(page);
  await training.openLink('hidden=6&init=he&steps=0');
  const network = page.getByRole('figure', { name: 'The network' });
  const unit = (number: number) => network.getByRole('button', { name: `unit ${number} of hidden layer 1` });
  const title = (name: string) => expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
  await unit(2).click();
  await expect(unit(2)).toHaveAttribute('aria-pressed', 'true');
  await page.mouse.move(0, 0);
  await unit(2).blur();
  await title('Output of unit 2 of hidden layer 1');
  // Another unit is large while the pointer is on it.
  await unit(4).hover();
  await title('Output of unit 4 of hidden layer 1');
  await page.mouse.move(0, 0);
  await title('Output of unit 2 of hidden layer 1');
  const before = await training.picture();
  await training.trainAndPause();
  await title('Output of unit 2 of hidden layer 1');
  expect((await training.picture()).fingerprint).not.toBe(before.fingerprint);
  await unit(2).click();
  await expect(unit(2)).toHaveAttribute('aria-pressed', 'false');
  await page.mouse.move(0, 0);
  await unit(2).blur();
  await title('Decision regions');
});
