import { expect, test } from './fixture.ts';

test.use({ reducedMotion: 'reduce' });

test('hidden units are creases whose sum bends around the arms, and one plane without ReLU', async ({
  page,
}) => {
  await page.goto('/#learn/hidden');
  const figure = page.getByRole('figure', { name: 'A hundred creases' });
  const status = figure.getByText(/points right;/);
  await expect(status).toBeVisible();
  const right = async () => (await status.innerText()).match(/\d+/g)?.map(Number) ?? [];
  const [all, , without] = await right();
  expect(all).toBeGreaterThan(270);
  expect(without).toBeLessThan(180);
  const bends = async () => {
    const path = await figure.locator('.chart .line').getAttribute('d');
    const places = (path ?? '')
      .slice(1)
      .split('L')
      .map((place) => place.split(' ').map(Number));
    const slope = ([x, y]: number[], [u, v]: number[]) => (v - y) / (u - x);
    const slopes = places.slice(10).map((place, i) => slope(places[i], place));
    return Math.max(...slopes) - Math.min(...slopes);
  };
  expect(await bends()).toBeGreaterThan(1);
  const relu = figure.getByRole('checkbox', { name: 'ReLU' });
  await relu.focus();
  await page.keyboard.press('Space');
  await expect(figure.getByRole('img', { name: /100 units without ReLU/ })).toBeVisible();
  await expect.poll(bends).toBeLessThan(0.1);

  const units = figure.getByRole('slider', { name: 'hidden units' });
  await units.press('Home');
  await expect(units).toHaveAttribute('aria-valuetext', '1 of 100');
  await units.press('ArrowRight');
  await figure.getByText('The numbers of this figure').click();
  await expect(figure.getByRole('table').getByRole('row')).toHaveCount(3);
  expect((await right())[0]).toBeLessThan(200);
  await figure.getByRole('combobox', { name: 'shown' }).selectOption('decision regions');
  await expect(figure.getByRole('img', { name: /^decision regions, from 2 units/ })).toBeVisible();
  await figure.getByRole('button', { name: 'Back to the start' }).click();
  await expect(
    figure.getByRole('img', { name: /^logit of class 0, from 100 units with ReLU/ }),
  ).toBeVisible();
  expect((await right())[0]).toBe(all);
});
