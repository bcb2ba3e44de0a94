import { pixels } from './pixels.js';
import { predict } from './predict.js';

const canvas = document.querySelector('#drawing');
const answer = document.querySelector('#answer');
const context = canvas.getContext('2d', { willReadFrequently: true });
Object.assign(context, { lineWidth: 34, lineCap: 'round', lineJoin: 'round' });
const bars = Array.from({ length: 10 }, () => document.createElement('meter'));
document.querySelector('#probabilities').append(
  ...bars.map((bar) => {
    const item = document.createElement('li');
    item.append(bar);
    return item;
  }),
);

function draw({ offsetX, offsetY, buttons }) {
  if (buttons === 0) return;
  const scale = canvas.width / canvas.clientWidth;
  context.lineTo(offsetX * scale, offsetY * scale);
  context.stroke();
  show();
}

function show() {
  const row = pixels(canvas);
  const result = row && predict(row);
  bars.forEach((bar, digit) => {
    bar.value = result?.probabilities[digit] ?? 0;
  });
  answer.textContent = result ? `It looks like a ${result.name}.` : 'Nothing drawn yet.';
}

canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  context.beginPath();
  draw(event);
});
canvas.addEventListener('pointermove', draw);
document.querySelector('#clear').addEventListener('click', () => {
  context.clearRect(0, 0, canvas.width, canvas.height);
  show();
});
