import type { SoftmaxWords } from './en.ts';

export const ko: SoftmaxWords = {
  title: '점수에서 손실까지',
  caption:
    '점 하나의 점수를 움직여 보세요. 소프트맥스가 점수를 확률로 바꾸고, 정답 클래스의 확률에 −ln을 취한 값이 손실입니다. 점수가 모두 같으면 정답이 무엇이든 손실은 ln 3입니다.',
  keys: 'Tab으로 옮겨 다니고, 화살표 키로 점수를 움직이거나 정답 클래스를 고릅니다.',
  score: (label) => `점수 ${label}`,
  correct: '정답 클래스',
  chart: (probability, loss) =>
    `정답 클래스의 확률이 커질수록 손실은 줄어듭니다. 지금은 확률이 ${probability}, 손실이 ${loss}입니다.`,
  share: '전체를 나누는 확률들',
  probability: '정답 클래스의 확률',
  loss: '손실',
  equal: (loss) => `ln 3 = ${loss}`,
  heads: { class: '클래스', score: '점수 z', power: 'exp z', probability: '확률 p', gradient: 'p − 1[y]' },
};
