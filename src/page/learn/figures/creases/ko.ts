import type { CreasesWords } from './en.ts';

export const ko: CreasesWords = {
  title: '접힌 자리 백 개',
  caption: (steps) =>
    `선 하나가 노트의 신경망을 ${steps}번 갱신한 뒤의 은닉 유닛 하나입니다. 한쪽에서는 0이고 다른 쪽에서는 커집니다. 그림은 가장 센 유닛부터 더한 값입니다. 0보다 크면 파랗고 작으면 주황입니다. 곡선은 가운데를 왼쪽에서 오른쪽으로 자른 단면입니다. ReLU가 없으면 접힌 자리가 남지 않습니다. 평면은 몇 개를 더해도 평면 하나입니다.`,
  keys: 'Tab으로 슬라이더, 목록, 확인란에 가서 화살표 키나 스페이스 키를 누릅니다.',
  picture: (what, count, relu) => `유닛 ${count}개의 ${what}, ReLU ${relu ? '있음' : '없음'}`,
  units: '은닉 유닛',
  of: (count, all) => `${all}개 중 ${count}`,
  show: '보이는 것',
  views: (label) => (label < 3 ? `클래스 ${label}의 점수` : '결정 영역'),
  relu: 'ReLU: 0보다 작은 값을 자름',
  training: (step, steps) => `신경망을 학습하는 중: ${steps}번 중 ${step}번 갱신`,
  result: (right, without, all) => `점 ${all}개 중 ${right}개가 맞음, ReLU가 없으면 ${without}개`,
  cut: (what) => `직선 y = 0 위의 ${what}`,
  heads: {
    unit: '유닛',
    x: '가중치 x',
    y: '가중치 y',
    bias: '편향',
    out: (label) => `클래스 ${label} 쪽 가중치`,
  },
};
