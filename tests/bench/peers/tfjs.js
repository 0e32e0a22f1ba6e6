// The two models in TensorFlow.js.
//
// What makes it faster, as measured: explicit transposes on the CPU, where a product with a transposed
// matrix takes a slow path; one kernel for product, bias and ReLU; gradients of LayerNorm, GELU and
// the loss written out; and on WebGPU all parameters in one vector, which the optimizer changes at once.

import './node_modules/@tensorflow/tfjs/dist/tf.es2017.min.js';
import './node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js';
import './node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.es2017.min.js';
import { ADAM_EPSILON, BETA_1, BETA_2, MODELS, NORM_EPSILON, batch, oneHot, tensors } from './models.js';

const { tf } = globalThis;
let onCpu = false;
let unseen;

/**
 * A model on a backend: `step` gives the loss before it, still on the device; `read` gives its number,
 * `pass` goes on without it.
 */
export async function open(kind, backend) {
  tf.wasm.setWasmPaths(new URL('./node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).href);
  if (!await tf.setBackend(backend)) throw new Error(`TensorFlow.js has no ${backend} here.`);
  onCpu = backend === 'wasm';
  const model = MODELS[kind];
  const list = tensors(kind);
  const data = upload(kind, model);
  if (kind === 'gpt') unseen = above(model.context);
  const store = onCpu ? apart(list) : asOne(list);
  const update = kind === 'mlp' ? sgd(model) : adamw(model, store.variables);
  const forward = { mlp, gpt }[kind];
  const lossOf = (...parameters) => crossEntropy(forward(model, parameters, data.inputs), data.targets);
  const step = () => tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads(lossOf)(store.tensors());
    update(store.variables, store.gather(grads));
    return value;
  });
  const read = async (loss) => {
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
  return { step, read, pass: (loss) => loss.dispose() };
}

function upload(kind, { batch: rows, classes }) {
  const { inputs, targets } = batch(kind);
  const ones = (indices) => tf.tensor2d(oneHot(indices, classes), [indices.length, classes]);
  return { inputs: kind === 'mlp' ? tf.tensor2d(inputs, [rows, inputs.length / rows]) : ones(inputs), targets: ones(targets) };
}

/** Each tensor a variable. */
function apart(list) {
  const variables = list.map(({ shape, values }) => tf.variable(tf.tensor(values, shape)));
  return { variables, tensors: () => variables, gather: (gradients) => gradients };
}

/** All tensors in one variable. On the CPU each slice of it would copy the whole. */
function asOne(list) {
  const whole = tf.variable(tf.tensor1d(list.flatMap(({ values }) => [...values])));
  const tensors = () => {
    let at = 0;
    return list.map(({ shape, values: { length } }) => {
      at += length;
      return whole.slice(at - length, length).reshape(shape);
    });
  };
  return { variables: [whole], tensors, gather: (gradients) => [tf.concat(gradients.map((one) => one.flatten()))] };
}

function sgd({ lr }) {
  return (variables, gradients) => variables.forEach((w, at) => w.assign(w.sub(gradients[at].mul(lr))));
}

function adamw({ lr, decay }, variables) {
  const zeros = () => variables.map((one) => tf.variable(tf.zerosLike(one)));
  const [first, second] = [zeros(), zeros()];
  let t = 0;
  return (variables, gradients) => {
    t += 1;
    const root = Math.sqrt(1 - BETA_2 ** t);
    variables.forEach((w, at) => {
      const [m, v, gradient] = [first[at], second[at], gradients[at]];
      m.assign(m.mul(BETA_1).add(gradient.mul(1 - BETA_1)));
      v.assign(v.mul(BETA_2).add(gradient.square().mul(1 - BETA_2)));
      const along = m.div(v.sqrt().add(ADAM_EPSILON * root)).mul(lr * root / (1 - BETA_1 ** t));
      w.assign(w.mul(1 - lr * decay).sub(along));
    });
  };
}

function mlp({ depth }, parameters, inputs) {
  let h = inputs;
  for (let layer = 0; layer <= depth; layer += 1) {
    h = linear(h, parameters[2 * layer], parameters[2 * layer + 1], layer < depth);
  }
  return h;
}

function gpt({ depth, width, heads, context, batch: windows }, parameters, tokens) {
  let at = 0;
  const take = () => parameters[at++];
  const embedding = take();
  let h = product(tokens, embedding).reshape([windows, context, width]).add(take()).reshape([-1, width]); // [B·T, d]
  for (let block = 0; block < depth; block += 1) {
    h = h.add(attention(layerNorm(h, take(), take()), take, { heads, context, size: width / heads }));
    const z = linear(layerNorm(h, take(), take()), take(), take());
    h = h.add(linear(gelu(z), take(), take()));
  }
  return product(layerNorm(h, take(), take()), embedding.transpose());
}

function attention(x, take, { heads, context, size }) {
  const [query, key, value] = tf.split(linear(x, take(), take()), 3, 1).map((part) => part.reshape([-1, context, heads, size]));
  const own = (part, order, shape) => part.transpose(order).reshape(shape);
  const queries = own(query.mul(1 / Math.sqrt(size)), [0, 2, 1, 3], [-1, context, size]); // [B·H, T, d_k]
  const keys = own(key, [0, 2, 3, 1], [-1, size, context]);
  const values = own(value, [0, 2, 1, 3], [-1, context, size]);
  const mixed = product(product(queries, keys).add(unseen).softmax(), values);
  return linear(own(mixed.reshape([-1, heads, context, size]), [0, 2, 1, 3], x.shape), take(), take());
}

/** −10⁹ above the diagonal, `[T, T]`. */
function above(context) {
  return tf.tensor2d(Array.from({ length: context }, (_, t) => Array.from({ length: context }, (_, s) => (s > t ? -1e9 : 0))));
}

/** a·b, either transposed where asked for. */
function multiply(a, b, turnA = false, turnB = false) {
  if (!onCpu) return tf.matMul(a, b, turnA, turnB);
  const turned = (x) => x.transpose(x.rank === 2 ? [1, 0] : [0, 2, 1]);
  return tf.matMul(turnA ? turned(a) : a, turnB ? turned(b) : b);
}

/** Sums of columns. On the CPU a product is quicker. */
function sums(x) {
  return onCpu ? tf.matMul(tf.ones([1, x.shape[0]]), x).squeeze([0]) : x.sum(0);
}

const product = tf.customGrad((a, b, save) => {
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy, [a, b]) => [multiply(dy, b, false, true), multiply(a, dy, true, false)],
  };
});

/** x·W + b, or relu of it. */
function linear(x, weights, bias, relu = false) {
  return tf.customGrad((x, weights, bias, save) => {
    // tf.fused.matMul would compute relu apart, because a gradient is being taken.
    const [a, b] = [x, weights].map((matrix) => matrix.expandDims());
    const how = { transposeA: false, transposeB: false, activation: relu ? 'relu' : 'linear' };
    const value = tf.engine().runKernel(tf._FusedMatMul, { a, b, bias }, how).squeeze([0]);
    save([x, weights, value]);
    return {
      value,
      gradFunc: (dy, [x, weights, y]) => {
        const dz = relu ? dy.mul(y.step()) : dy;
        return [multiply(dz, weights, false, true), multiply(x, dz, true, false), sums(dz)];
      },
    };
  })(x, weights, bias);
}

/** x̂γ + β with x̂ = (x − μ)/√(σ² + ε). */
const layerNorm = tf.customGrad((x, gain, shift, save) => {
  const centered = x.sub(x.mean(1, true));
  const scale = centered.square().mean(1, true).add(NORM_EPSILON).rsqrt();
  const unit = centered.mul(scale);
  save([unit, scale, gain]);
  return {
    value: unit.mul(gain).add(shift),
    gradFunc: (dy, [unit, scale, gain]) => {
      const dUnit = dy.mul(gain);
      const dx = dUnit.sub(dUnit.mean(1, true)).sub(unit.mul(dUnit.mul(unit).mean(1, true))).mul(scale);
      return [dx, sums(dy.mul(unit)), sums(dy)];
    },
  };
});

/** z·Φ(z), whose derivative is Φ(z) + z·φ(z). */
const gelu = tf.customGrad((z, save) => {
  const below = z.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
  save([z, below]);
  return {
    value: z.mul(below),
    gradFunc: (dy, [z, below]) => {
      const density = z.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
      return dy.mul(below.add(z.mul(density)));
    },
  };
});

/** −⟨ln softmax(z)[target]⟩ over rows; ∂ = (softmax(z) − target)/N. */
function crossEntropy(logits, targets) {
  return tf.customGrad((logits, save) => {
    const shares = logits.softmax();
    save([shares]);
    return {
      value: shares.mul(targets).sum(1).log().mean().neg(),
      gradFunc: (dy, [shares]) => shares.sub(targets).mul(dy.div(logits.shape[0])),
    };
  })(logits);
}
