import type { LinearWords } from './en.ts';

export const ko: LinearWords = {
  title: '화살표 셋이 분류기입니다',
  caption:
    '화살표 하나가 한 클래스의 가중치입니다. 점이 화살표 방향으로 멀리 있을수록 그 클래스의 점수가 크고, 점수가 가장 큰 클래스가 점을 차지합니다. 눈에 보이도록 노트의 난수 가중치를 100배로 늘려 시작합니다.',
  keys: 'Tab으로 화살표 끝에 가서 화살표 키로 움직입니다. Shift를 누르면 조금씩 움직입니다.',
  picture: '분류기의 영역 위에 그린 점들',
  handle: (label) => `클래스 ${label}의 가중치`,
  at: (x, y) => `x ${x}, y ${y}`,
  bias: (label) => `편향 ${label}`,
  row: '점',
  rowOf: (row, label) => `${row}, 클래스 ${label}`,
  scores: (point) => `점 ${point}의 점수`,
  result: (loss, right, all) => `손실 ${loss} · 점 ${all}개 중 ${right}개 맞힘`,
  waiting: '그림을 계산하고 있습니다.',
  train: (steps) => `${steps}스텝 학습`,
  training: (steps) => `${steps}스텝을 학습하고 있습니다.`,
  trained: (steps, on) => `${steps}스텝을 학습한 곳: ${on}`,
  failed: '학습하지 못했습니다. 그림은 그대로이니 다시 해 보세요.',
  step: '스텝',
  heads: { class: '클래스', x: '가중치 x', y: '가중치 y', bias: '편향', wedge: '쐐기', right: '맞힘' },
  none: '없음',
  failure: {
    title: '쐐기에는 팔이 들어가지 않습니다',
    caption:
      '분류기를 여기서 학습했고, 스텝을 하나씩 되짚어 볼 수 있습니다. 클래스마다 반 바퀴보다 좁은 쐐기를 차지합니다. 화살표를 움직여 더 나은 것을 찾아보세요. 가장 나은 것을 적어 둡니다.',
    wedges: (angles, arm) => `쐐기 ${angles}, 팔이 도는 각 ${arm}°`,
    best: (right) => `지금까지 가장 많이 맞힌 수: ${right}`,
  },
};
