import type { ArticleWords } from './words.ts';

export const ko: ArticleWords = {
  title: '신경망은 나선을 어떻게 배우는가',
  introduction: (n) => [
    '직선으로는 나선의 팔 셋을 가를 수 없습니다. 은닉층이 하나 있는 신경망은 가를 수 있습니다. 이 글은 데이터, 점수, 손실, 기울기, 갱신을 거쳐 그곳까지 따라갑니다. 그림은 모두 이 컴퓨터에서 계산합니다. 손잡이가 있는 것은 마우스나 손가락, 화살표 키로 움직일 수 있습니다.',
    `글에 나오는 수치는 CS231n 노트의 두 학습을 배정밀도로 계산한 값입니다. 단정밀도에서는 신경망의 손실이 ${n.networkEvery}스텝 무렵까지 마지막 자리보다 크게 다를 수 있습니다. 시작점을 벗어나는 동안 반올림 차이가 커지기 때문입니다.`,
  ],
  operations: '스텝에서 보기',
  sections: (n) => ({
    data: {
      title: '데이터',
      blocks: [
        `평면 위에 점이 ${n.points}개 있습니다. 클래스는 ${n.classes}개이고 클래스마다 점이 ${n.perClass}개입니다. 점 하나는 X의 한 행으로 특성이 ${n.features}개이며, 그 클래스는 y의 원소입니다. 클래스 하나가 나선의 팔 하나를 이룹니다. 팔을 따라 반지름 r은 0에서 1까지 늘고, 각 t는 ${n.armRadians}라디안, 곧 ${n.armDegrees}°를 돕니다. 다음 팔은 앞의 팔이 끝난 각에서 시작합니다. 각마다 표준편차 ${n.noise}라디안인 정규 잡음을 더합니다.`,
        { formula: 'X = (r·sin(t), r·cos(t))' },
        {
          numpy: `r = np.linspace(0, 1, ${n.perClass})\nt = ${n.armRadians} * (j + r) + ${n.noise} * np.random.randn(${n.perClass})\narm = np.stack([r * np.sin(t), r * np.cos(t)], axis=1)`,
        },
        `특성끼리 크기가 크게 다르면 먼저 크기를 맞추어야 합니다. 여기서는 가장 큰 값이 ${n.largestFeature}이고 두 특성의 평균도 0에서 ${n.largestMean} 안에 있어 그대로 씁니다. 모든 팔은 중심에서 시작합니다. 같은 점에 서로 다른 레이블 ${n.classes}개가 붙어 있는 셈이니, 어떤 분류기도 ${n.mostRight}개보다 많이 맞힐 수 없습니다.`,
        {
          gpu: `X와 y를 첫 스텝 전에 한 번만 GPU 메모리로 옮깁니다. X는 수 ${n.inputNumbers}개, 단정밀도로 ${n.inputBytes}바이트이며 학습이 끝날 때까지 그곳에 둡니다.`,
        },
      ],
    },
    linear: {
      title: '선형 분류기',
      blocks: [
        '선형 분류기는 점마다 각 클래스에 수를 하나씩 매깁니다. 특성에 가중치를 곱해 더하고 편향을 더한 값입니다. 이 수가 점수 Z이며 로짓이라고도 합니다. 점수가 가장 큰 클래스가 예측입니다.',
        { formula: 'Z = X·W₀ + b₀' },
        { numpy: 'Z = np.dot(X, W0) + b0' },
        `W₀에는 가중치가 ${n.features} × ${n.classes}개, b₀에는 편향이 ${n.classes}개 있어 매개변수는 모두 ${n.linearParameters}개입니다. 행렬 곱 한 번으로 모든 점의 점수 ${n.points} × ${n.classes}개를 얻습니다. 가중치는 표준편차가 ${n.deviation}인 난수로, 편향은 0으로 시작합니다. 그래서 처음에는 모든 점수가 0에 가깝고, 가장 큰 것도 크기가 ${n.largestLogit}입니다. 분류기는 아직 아무것도 배우지 않았습니다. 예측의 ${n.untrainedAccuracy}가 맞는 것은 우연입니다.`,
        {
          gpu: `커널 코드를 한 번 실행하는 단위를 스레드(WGSL의 invocation)라고 합니다. 실행 계획 “layered”의 행렬 곱 커널에서는 스레드마다 점수 ${n.tileRows} × ${n.tileColumns}개짜리 타일을 레지스터에 두므로 스레드 ${n.tiles}개가 Z를 모두 계산합니다. 점수를 저장하기 전에 편향까지 더해 디스패치 하나를 줄입니다. “fused”에서는 한 행의 점수를 얻은 스레드가 곧바로 그 행의 소프트맥스를 계산합니다.`,
        },
      ],
    },
    loss: {
      title: '손실',
      blocks: [
        '소프트맥스는 한 행의 점수를 확률로 바꿉니다. 점수의 지수를 그 합으로 나눈 값입니다. 먼저 행에서 가장 큰 점수를 빼도 확률은 그대로이고, 지수는 넘치지 않습니다. 점 하나의 손실은 교차 엔트로피, 곧 정답 클래스의 확률에 −ln을 취한 값입니다. 확률이 1이면 0이고, 0에 가까워지면 한없이 커집니다.',
        { formula: 'P = exp(Z) / Σ exp(Z)' },
        { formula: 'L = −ln P[y]' },
        {
          numpy:
            'P = np.exp(Z - Z.max(axis=1, keepdims=True))\nP /= P.sum(axis=1, keepdims=True)\nL = -np.log(P[range(N), y])',
        },
        `점수가 모두 0이면 클래스 ${n.classes}개의 확률은 모두 1/${n.classes}이고, 어느 점이든 손실은 ln ${n.classes} = ${n.chanceLoss}입니다. 작은 가중치는 이 값을 조금밖에 바꾸지 못합니다. 분류기는 ${n.linearLossFirst}에서, 신경망은 ${n.networkLossFirst}에서 시작합니다. 첫 손실이 ln ${n.classes}에서 멀다면 어딘가 잘못된 것입니다.`,
        { formula: 'loss = (Σ L) / N + ½·λ·Σ W²' },
        { numpy: 'loss = L.mean() + 0.5 * l2 * (W0**2).sum()' },
        `둘째 항은 λ = ${n.l2}인 L2 정규화입니다. 큰 가중치에는 값을 치르게 하고 편향은 그대로 둡니다. 신경망이 시작할 때 이 항은 ${n.networkPenaltyFirst}입니다.`,
        {
          gpu: `소프트맥스 커널이 행마다 스레드를 하나씩, ${n.workgroup}개짜리 워크그룹 ${n.softmaxWorkgroups}개로 ${n.points}개를 씁니다. 행의 손실과 기울기만 남기고 P는 저장하지 않습니다. 손실의 합은 누가 볼 때만, 정해진 순서로 구합니다.`,
        },
      ],
    },
    gradient: {
      title: '기울기',
      blocks: [
        `매개변수를 바꾸면 손실은 어떻게 바뀔까요? 점수부터 봅니다. 여기서 미분은 간단합니다. 확률에서 정답 클래스만 1을 빼면 됩니다. P = ${n.exampleProbabilities}이고 가운데 클래스가 정답이라면 기울기는 ${n.exampleGradient}입니다. 가운데 점수를 올리면 손실이 줄고, 다른 점수를 올리면 손실이 늡니다. 확률의 합이 1이므로 어느 행이든 합은 0입니다.`,
        { formula: 'dZ = (P − 1[y]) / N' },
        { numpy: 'dZ = P.copy()\ndZ[range(N), y] -= 1\ndZ /= N' },
        `손실이 평균이므로 N으로 나눕니다. 중심에 있는 점은 점수가 0이어서 ${n.centreGradient}에서 시작합니다. 연쇄 법칙을 쓰면 dZ에서 매개변수의 기울기가 나옵니다. 가중치의 기울기는 특성과 dZ를 곱해 모든 점에 걸쳐 더한 것이고, 편향의 기울기는 그 열의 합입니다.`,
        { formula: 'dW₀ = Xᵀ·dZ' },
        { numpy: 'dW0 = np.dot(X.T, dZ)' },
        { formula: 'db₀ = Σ dZ' },
        { numpy: 'db0 = dZ.sum(axis=0)' },
        {
          gpu: `dW₀도 행렬 곱이지만 이번에는 행 ${n.points}개에 걸쳐 더합니다. 분류기의 dW₀은 수 ${n.linearWeights}개, 타일 하나입니다. “layered”에서는 스레드 하나가 이 합을 모두 구하니 GPU에는 일이 너무 적습니다. 편향의 커널은 열마다 스레드를 하나씩 씁니다.`,
        },
      ],
    },
    update: {
      title: '갱신',
      blocks: [
        `기울기는 손실이 가장 가파르게 늘어나는 쪽을 가리킵니다. 그래서 매개변수를 그 반대쪽으로, 기울기에 학습률 η를 곱한 만큼 옮깁니다. 노트에서는 η = ${n.learningRate}입니다. 정규화는 가중치의 기울기에 λ·W₀을 더합니다. 그래서 데이터가 건드리지 않는 가중치는 줄어듭니다. 갱신할 때마다 1 − η·λ = ${n.decay}배가 됩니다.`,
        { formula: 'W₀ ← W₀ − η·(dW₀ + λ·W₀)' },
        { numpy: 'W0 -= lr * (dW0 + l2 * W0)' },
        { formula: 'b₀ ← b₀ − η·db₀' },
        { numpy: 'b0 -= lr * db0' },
        `분류기의 손실은 갱신 한 번에 ${n.linearLossFirst}에서 ${n.linearLossAfter1}으로, 열 번에 ${n.linearLossAfter10}로 줄어듭니다. 그 뒤로는 느려져서 ${n.linearLastButTen}번째부터 ${n.linearLast}번째까지는 ${n.linearLastFall}만 줄어듭니다. 출력되는 손실은 그 스텝의 갱신 직전 값이므로 첫 줄은 학습 전의 모델을 나타냅니다.`,
        {
          gpu: `“layered”의 갱신 커널은 매개변수마다 스레드를 하나씩 씁니다. “fused”에서는 기울기의 합을 구한 스레드가 곧바로 매개변수를 갱신하므로 dW₀과 db₀을 저장하지 않습니다. 분류기의 한 스텝에 디스패치가 ${n.linearDispatches}번이 아니라 ${n.fusedDispatches}번이면 됩니다.`,
        },
      ],
    },
    failure: {
      title: '선형 분류기가 실패하는 까닭',
      blocks: [
        `갱신을 ${n.linearLast}번 하면 분류기는 점의 ${n.linearAccuracy}, ${n.linearRight}개를 맞힙니다. 학습 전에는 ${n.untrainedRight}개였습니다. 두 클래스의 경계는 두 점수가 같은 곳이고, 그 방정식은 직선을 나타냅니다. 경계는 한 점 ${n.bordersMeet}에서 만나고, 클래스마다 두 경계 사이의 쐐기를 차지합니다. 쐐기는 모두 반 바퀴보다 좁은데 팔은 ${n.armDegrees}°를 돕니다. 팔 하나를 담을 수 있는 쐐기는 없습니다.`,
        `더 오래 학습해도 소용없습니다. ${n.longRun}번 갱신하면 손실은 ${n.linearLoss} 대신 ${n.linearLossLong}이 되지만 맞힌 점의 수는 같습니다. 선형 분류기의 손실은 볼록해서 더 나은 골짜기가 따로 없습니다. 정규화를 빼도 나아지지 않습니다. 그래도 손실이 줄어든 것은 손실이 확률을 재기 때문입니다. 정답 클래스의 확률은 기하 평균으로 1/${n.classes}에서 ${n.linearProbability}으로 올랐습니다.`,
        {
          gpu: `결정 영역은 격자점 ${n.gridNodes} × ${n.gridNodes}개에서 구한 예측입니다. 행 ${n.gridRows}개를 여럿씩 묶어 디스패치 하나가 점수를, 또 하나가 소프트맥스를 계산합니다. 서로 기다리는 행이 없어 GPU에 잘 맞습니다.`,
        },
      ],
    },
    hidden: {
      title: '은닉층',
      blocks: [
        `신경망은 먼저 스스로 특성을 만듭니다. 은닉 유닛 ${n.units}개가 저마다 입력에 가중치를 곱해 더하고 편향을 더한 뒤, 0보다 작은 값은 0으로 자릅니다. 이것이 ReLU입니다. 마지막 층은 앞과 같은 선형 분류기이며 X 자리에 H₀이 들어갑니다.`,
        { formula: 'H₀ = max(0, X·W₀ + b₀)' },
        { numpy: 'H0 = np.maximum(0, np.dot(X, W0) + b0)' },
        { formula: 'Z = H₀·W₁ + b₁' },
        { numpy: 'Z = np.dot(H0, W1) + b1' },
        `유닛은 어떤 직선의 한쪽에서는 0이고 다른 쪽에서는 점점 커집니다. 평면을 접는 셈입니다. 자르지 않으면 W₀과 W₁은 행렬 W₀·W₁ 하나와 같아서 신경망은 다시 선형이 됩니다. 자르면 접힌 곳마다 경계가 꺾일 수 있습니다. 매개변수는 ${n.networkParameters}개로 앞의 ${n.timesParameters}배입니다. 처음에는 모든 직선이 중심을 지나고, H₀의 수 ${n.hiddenEntries}개 중 ${n.hiddenZeros}가 0입니다.`,
        {
          gpu: `“layered”에서 행렬 곱 커널 하나가 편향을 더하고 ReLU까지 적용합니다. ${n.hiddenTile} × ${n.hiddenTile} 타일을 맡은 스레드 ${n.hiddenTiles}개를 씁니다. “fused”는 H₀을 저장하지 않습니다. 스레드가 맡은 행에 대해 모든 유닛을 차례로 계산하며 출력을 곧바로 점수에 더합니다.`,
        },
      ],
    },
    backpropagation: {
      title: '역전파',
      blocks: [
        '마지막 층의 기울기는 X 자리에 H₀을 넣은 분류기의 기울기입니다. 더 거슬러 가려면 dZ를 W₁로 되돌려 보냅니다. 유닛마다 점수들의 기울기를, 자신이 점수에 기여한 가중치만큼 받습니다. ReLU가 0으로 자른 곳에서는 유닛의 합이 아무 영향도 주지 못했으므로 기울기를 0으로 하고, 다른 곳에서는 그대로 통과시킵니다. 남은 것은 첫 층이며 dZ 자리에 dH₀이 들어갑니다.',
        { formula: 'dW₁ = H₀ᵀ·dZ' },
        { numpy: 'dW1 = np.dot(H0.T, dZ)' },
        { formula: 'dH₀ = dZ·W₁ᵀ' },
        { numpy: 'dH0 = np.dot(dZ, W1.T)' },
        { formula: 'dH₀ = 0 where H₀ ≤ 0' },
        { numpy: 'dH0[H0 <= 0] = 0' },
        { formula: 'dW₀ = Xᵀ·dH₀' },
        { numpy: 'dW0 = np.dot(X.T, dH0)' },
        `dH₀은 W₁만큼 작습니다. 처음에 W₀에 대한 기울기의 노름은 ${n.gradientNormNetwork}로, 분류기의 ${n.gradientNormLinear}보다 ${n.gradientRatio}배 작습니다. 그래서 안장점 옆에서 느리게 출발하고, 열 번 갱신해도 손실은 ${n.networkLossAfter10}입니다. 손실의 차분으로 구한 기울기와는 ${n.gradientDigits}자리까지 같습니다.`,
        {
          gpu: `“fused”의 역방향에서는 스레드마다 유닛 몇 개를 맡습니다. 유닛의 출력을 읽어 오지 않고 다시 계산한 뒤, 기울기를 모두 더해 그 자리에서 매개변수를 갱신합니다. 두 디스패치 사이를 건너는 것은 dZ의 수 ${n.passed}개뿐입니다.`,
        },
      ],
    },
    training: {
      title: '학습',
      blocks: [
        `${n.soon}번 갱신했을 때는 점의 ${n.soonAccuracy}를 맞혀 분류기와 거의 같습니다. ${n.beforeRise}번에서 ${n.afterRise}번 사이에는 손실이 ${n.lossBeforeRise}에서 ${n.lossAfterRise}로 오르기까지 합니다. ${n.networkEvery}번이면 손실은 ${n.lossAfter1000}이고 ${n.accuracyAfter1000}를 맞힙니다. 마지막 ${n.half}번 동안에는 ${n.secondHalfFall}밖에 줄지 않습니다.`,
        `${n.longRun}번 갱신하면 점의 ${n.networkAccuracy}, ${n.networkRight}개를 맞힙니다. 나머지 ${n.networkWrong}개는 팔들이 맞닿는 중심에서 ${n.wrongWithin} 안에 있고, 그중 ${n.inevitable}개는 피할 수 없습니다.`,
        `가중치는 자랐습니다. W₀과 W₁의 노름이 ${n.normFirst0}와 ${n.normFirst1}에서 둘 다 ${n.normLast}이 되었습니다. 마지막 손실 ${n.networkLoss} 중 정규화가 절반이 넘는 ${n.penaltyLast}입니다.`,
      ],
    },
    space: {
      title: '은닉층의 공간',
      blocks: [
        `분류기는 실패하는데 신경망은 왜 성공할까요? 마지막 층은 여전히 곧은 경계를 긋지만, H₀의 특성 ${n.units}개 사이에서 긋습니다. 평면에서 보면 그 경계가 팔을 따라 휩니다. 은닉층이 곧은 경계로도 충분한 곳으로 점들을 옮겨 놓은 것입니다.`,
        `모든 유닛이 일하지는 않습니다. 유닛 ${n.dead}개는 죽었습니다. 모든 점에서 0이라 기울기를 받지 못하고, λ 때문에 그 가중치는 0으로 줄어듭니다.`,
      ],
    },
    gpu: {
      title: 'GPU가 하는 일',
      blocks: [
        `한 스텝은 곱해서 더하기 ${n.multiplyAdds}번이며, GPU라면 마이크로초 단위로 끝납니다. 시간은 다른 데 듭니다. GPU는 일을 디스패치 단위로 받고, 디스패치마다 계산을 시작하기도 전에 시간이 듭니다. 한 스텝에 “layered”는 수식 한 줄마다 하나씩 디스패치가 ${n.networkDispatches}번, “fused”는 ${n.fusedDispatches}번 필요합니다.`,
        `실행 계획 “resident”는 디스패치 하나로 여러 스텝을 진행합니다. 하나뿐인 워크그룹이 매개변수 ${n.networkParameters}개와 dZ를 워크그룹 메모리에 두고, 순방향과 역방향 사이에는 배리어를 둡니다. 어느 계획이든 결과는 같습니다.`,
      ],
    },
  }),
};
