import type { SurfaceWords } from './en.ts';

export const ko: SurfaceWords = {
  title: '손실을 따라 한 걸음씩',
  caption:
    '선형 분류기의 매개변수는 아홉 개입니다. 그림은 지금의 매개변수를 지나는 단면입니다. 왼쪽에서 오른쪽으로 클래스 0의 y 가중치, 위로 편향이 커지고, 나머지 일곱은 지금 값 그대로입니다. 흰색이 가장 작은 손실입니다. 그래서 스텝마다 단면이 조금씩 바뀝니다. 시작점을 끌어 보고 학습률을 올려 보세요. 8쯤부터는 골짜기를 뛰어넘습니다.',
  keys: 'Tab으로 시작점이나 슬라이더에 가서 화살표 키로 움직입니다. Shift를 누르면 시작점이 조금씩 움직입니다.',
  picture: (step, rate) => `스텝 ${step}에서 자른 손실의 단면과 η = ${rate}일 때 갱신이 지나온 길`,
  start: '시작점',
  at: (weight, bias) => `가중치 ${weight}, 편향 ${bias}`,
  step: '스텝',
  of: (step, all) => `${all}번 중 ${step}`,
  rate: '학습률',
  loss: '손실',
  weight: '클래스 0의 y 가중치',
  bias: '클래스 0의 편향',
  waiting: '그림을 계산하고 있습니다.',
  last: (loss) => `마지막 갱신 뒤의 손실 ${loss}`,
  change: (loss, next, rises) =>
    `다음 갱신으로 손실이 ${rises ? '커집니다' : '작아집니다'}: ${loss} → ${next}.`,
  chart: (rate, last) => `η = ${rate}일 때 스텝에 따른 손실: 마지막에 ${last}`,
};
