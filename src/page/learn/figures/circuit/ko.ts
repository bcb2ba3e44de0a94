import type { CircuitWords } from './en.ts';

export const ko: CircuitWords = {
  title: '점 하나, 앞으로 그리고 뒤로',
  caption: (steps) =>
    `은닉 유닛이 둘인 신경망을 노트의 점으로 ${steps}번 갱신한 뒤, 점 하나만 넣습니다(N = 1). 선 위의 수는 값이고 선 아래 붉은 수는 그 값에 대한 손실의 기울기입니다. 순전파에서는 값이 왼쪽에서, 역전파에서는 기울기가 오른쪽에서 옵니다.`,
  keys: 'Tab으로 버튼에 가서 Enter를 누르거나, 슬라이더에서 화살표 키로 움직입니다.',
  circuit: '회로',
  picture: (point) => `${point}의 회로. 수치는 표에 있습니다.`,
  point: (number, label) => `클래스 ${label}의 점 ${number}`,
  short: (number, label) => `${number}, 클래스 ${label}`,
  back: '이전',
  next: '다음 연산',
  operation: '연산',
  of: (done, all) => `${all}개 중 ${done}`,
  which: '점',
  given: '점과 가중치와 편향이 주어졌습니다. 아직 계산한 것이 없습니다.',
  lines: {
    'hidden 0': '유닛마다 입력에 가중치를 곱해 더하고 편향을 더합니다. ReLU는 0보다 작은 값을 자릅니다.',
    scores: '점수마다 유닛에 가중치를 곱해 더하고 편향을 더합니다.',
    softmax: '확률과 손실, 그리고 첫 기울기입니다. P에서 정답 클래스만 1을 뺍니다.',
    'dW 1': '가중치의 기울기는 들어온 값에 그 뒤의 기울기를 곱한 것입니다.',
    'db 1': '편향은 그대로 더해지므로 기울기도 그대로 지나갑니다.',
    'dhidden 0': '유닛마다 점수의 기울기에 사이의 가중치를 곱해 모읍니다.',
    'ReLU mask 0': 'ReLU가 자른 곳의 기울기는 0입니다. 다른 곳은 그대로 지나갑니다.',
    'dW 0': '뒤의 층과 같습니다. 입력에 합의 기울기를 곱합니다.',
    'db 0': '마지막 기울기입니다. 이제 갱신할 수 있습니다.',
  },
  heads: { wire: '선', value: '값', gradient: '손실의 기울기' },
};
