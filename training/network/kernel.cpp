// One pass of the policy and its gradient on a CPU, in float32, a puzzle at a time.
//
// What `training.model.Policy.step` computes, in an order that keeps a puzzle in a core's cache: nothing
// of the size of the 729 candidates times the gate leaves it, and the backward pass makes the
// forward one again instead of reading it from memory. WIDTH, HIDDEN and GATE are given to the
// compiler; all are multiples of 16, the floats in a vector.
//
// Candidates are numbered (row * 9 + column) * 9 + digit. Segments of rows come first, numbered
// (row * 3 + stack) * 9 + digit, then those of columns, (band * 9 + column) * 9 + digit; lines
// likewise, line * 9 + digit; boxes (band * 3 + stack) * 9 + digit.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>

namespace {

constexpr int D = WIDTH, H = HIDDEN, G = GATE, U = 2 * GATE, LANES = 16;
constexpr int CELLS = 81, NODES = 729, SEGMENTS = 2 * 243, LINES = 2 * 81, BOXES = 81;
constexpr float EPS = 1e-6f;  // of the norm, as in training/model.py
static_assert(D % LANES == 0 && H % LANES == 0 && G % LANES == 0);

typedef float vec __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t ivec __attribute__((vector_size(64), aligned(4), may_alias));

inline vec load(const float* from) { return *reinterpret_cast<const vec*>(from); }
inline void store(float* to, vec value) { *reinterpret_cast<vec*>(to) = value; }
inline void add(float* to, vec value) { store(to, load(to) + value); }

template <int N>
inline void add_row(float* to, const float* from) {
    for (int i = 0; i < N; i += LANES) add(to + i, load(from + i));
}

inline float sum(vec value) {
    float total = 0;
    for (int i = 0; i < LANES; i++) total += value[i];
    return total;
}

// exp by Cody and Waite's reduction and the polynomial of Cephes, to about one unit in the last
// place
inline vec exponential(vec x) {
    const vec most = x * 0 + 87.0f;
    x = x < -most ? -most : x;
    x = x > most ? most : x;
    const vec n = (x * 1.44269504f + 12582912.0f) - 12582912.0f;  // to the nearest whole number
    const vec r = x - n * 0.693359375f + n * 2.12194440e-4f;
    vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const ivec exponent = (__builtin_convertvector(n, ivec) + 127) << 23;
    return p * reinterpret_cast<const vec&>(exponent);
}

inline vec sigmoid(vec x) { return 1.0f / (1.0f + exponential(-x)); }
inline vec silu(vec x) { return x * sigmoid(x); }
inline vec silu_slope(vec x, vec s) { return s + x * s * (1.0f - s); }  // s = sigmoid(x)

// ---- products of small matrices, a tile of the result in registers

// C [ROWS x 16 VECS] (= or +=) A [ROWS x k] B [k x n]
template <int ROWS, int VECS, bool ADD>
inline void product_tile(int k, const float* a, const float* b, int n, float* c) {
    vec tile[ROWS][VECS];
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < VECS; j++) tile[i][j] = ADD ? load(c + i * n + LANES * j) : vec{};
    for (int l = 0; l < k; l++)
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < VECS; j++)
                tile[i][j] += load(b + l * n + LANES * j) * a[i * k + l];
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < VECS; j++) store(c + i * n + LANES * j, tile[i][j]);
}

// C [rows x N] (= or +=) A [rows x K] B [K x N]; rows are a multiple of 9
template <int N, int K, bool ADD>
inline void product(int rows, const float* a, const float* b, float* c) {
    constexpr int WIDE = N / LANES;
    constexpr int VECS = WIDE <= 8 ? WIDE : WIDE % 6 == 0 ? 6 : WIDE % 4 == 0 ? 4 : 1;
    constexpr int ROWS = VECS <= 3 ? 9 : VECS == 4 ? 6 : 3;
    static_assert(WIDE % VECS == 0);
    for (int j = 0; j < N; j += LANES * VECS) {
        int i = 0;
        for (; i + ROWS <= rows; i += ROWS)
            product_tile<ROWS, VECS, ADD>(K, a + i * K, b + j, N, c + i * N + j);
        for (; i < rows; i += 3)
            product_tile<3, VECS, ADD>(K, a + i * K, b + j, N, c + i * N + j);
    }
}

// C [I x J] += Aᵀ B with A [rows x I] and B [rows x J]: the gradient of a matrix
template <int I, int J>
inline void outer_product(int rows, const float* a, const float* b, float* c) {
    constexpr int WIDE = J / LANES, VECS = WIDE <= 4 ? WIDE : WIDE % 3 == 0 ? 3 : WIDE % 4 == 0 ? 4 : 1;
    constexpr int ROWS = VECS <= 3 ? 8 : 4;
    static_assert(WIDE % VECS == 0 && I % ROWS == 0);
    for (int j = 0; j < J; j += LANES * VECS)
        for (int i = 0; i < I; i += ROWS) {
            vec tile[ROWS][VECS];
            for (int p = 0; p < ROWS; p++)
                for (int q = 0; q < VECS; q++)
                    tile[p][q] = load(c + (i + p) * J + j + LANES * q);
            for (int l = 0; l < rows; l++)
                for (int p = 0; p < ROWS; p++)
                    for (int q = 0; q < VECS; q++)
                        tile[p][q] += load(b + l * J + j + LANES * q) * a[l * I + i + p];
            for (int p = 0; p < ROWS; p++)
                for (int q = 0; q < VECS; q++)
                    store(c + (i + p) * J + j + LANES * q, tile[p][q]);
        }
}

// ---- the block

struct Weights {  // [out, in] as torch keeps them, and transposed
    const float *segment, *line, *box, *cell, *from_segment, *from_cell, *own, *down;
    const float *segment_t, *line_t, *box_t, *cell_t, *from_segment_t, *from_cell_t, *own_t, *down_t;
    const float *segment_bias, *cell_bias, *kind, *keep, *head, *head_bias;
};

struct Gradients {  // added to
    float *segment, *line, *box, *cell, *from_segment, *from_cell, *own, *down;
    float *segment_bias, *cell_bias, *kind, *keep, *head, *head_bias;
};

struct Scratch {
    // the forward pass: normed states and their sums, hidden layers before and after SiLU, answers
    float x[NODES * D], scale[NODES];
    float segment[SEGMENTS * D], line[LINES * D], box[BOXES * D], cell[CELLS * D];
    float line_z[LINES * H], box_z[BOXES * H], segment_z[SEGMENTS * H], cell_z[CELLS * H];
    float segment_s[SEGMENTS * H], cell_s[CELLS * H];
    float segment_m[SEGMENTS * U], cell_m[CELLS * U];
    // gradients of the same, and of the state that the pass gives
    float dout[NODES * D], du[NODES * U], act[NODES * G], dx[NODES * D];
    float dsegment_m[SEGMENTS * U], dcell_m[CELLS * U];
    float dsegment_z[SEGMENTS * H], dline_z[LINES * H], dbox_z[BOXES * H], dcell_z[CELLS * H];
    float dsegment[SEGMENTS * D], dline[LINES * D], dbox[BOXES * D], dcell[CELLS * D];
};

inline int row_segment(int r, int c) { return (r * 3 + c / 3) * 9; }
inline int column_segment(int r, int c) { return SEGMENTS / 2 + (r / 3 * 9 + c) * 9; }

// the line and the box that segment s lies in
inline int line_of(int s) {
    return s < SEGMENTS / 2 ? s / 27 * 9 + s % 9 : LINES / 2 + (s - SEGMENTS / 2) % 81;
}
inline int box_of(int s) {
    if (s < SEGMENTS / 2) return (s / 81 * 3 + s / 9 % 3) * 9 + s % 9;
    s -= SEGMENTS / 2;
    return (s / 81 * 3 + s / 27 % 3) * 9 + s % 9;
}

// What a state is multiplied by to be normed.
inline float scale_of(const float* state) {
    vec square = {};
    for (int i = 0; i < D; i += LANES) square += load(state + i) * load(state + i);
    return 1.0f / std::sqrt(sum(square) / D + EPS);
}

// The head: what a normed state is worth.
inline float head_of(const float* state, float scale, const Weights& w) {
    vec along = {};
    for (int i = 0; i < D; i += LANES) along += load(state + i) * load(w.head + i);
    return sum(along) * scale;
}

// Norms, and their sums over segments and cells.
void normalise(const float* h, Scratch& s) {
    memset(s.segment, 0, sizeof s.segment);
    memset(s.cell, 0, sizeof s.cell);
    for (int r = 0; r < 9; r++)
        for (int c = 0; c < 9; c++)
            for (int n = 0; n < 9; n++) {
                const int node = (r * 9 + c) * 9 + n;
                const float* from = h + node * D;
                s.scale[node] = scale_of(from);
                for (int i = 0; i < D; i += LANES) {
                    const vec x = load(from + i) * s.scale[node];
                    store(s.x + node * D + i, x);
                    add(s.segment + (row_segment(r, c) + n) * D + i, x);
                    add(s.segment + (column_segment(r, c) + n) * D + i, x);
                    add(s.cell + (r * 9 + c) * D + i, x);
                }
            }
}

// From candidates to constraints and back, up to what each segment and each cell answers.
void answer(const float* h, const Weights& w, Scratch& s) {
    normalise(h, s);
    memset(s.line, 0, sizeof s.line);
    memset(s.box, 0, sizeof s.box);
    for (int k = 0; k < SEGMENTS; k++) {
        add_row<D>(s.line + line_of(k) * D, s.segment + k * D);
        // a box's sum is that of its rows' segments alone
        if (k < SEGMENTS / 2) add_row<D>(s.box + box_of(k) * D, s.segment + k * D);
    }
    product<H, D, false>(LINES, s.line, w.line_t, s.line_z);
    product<H, D, false>(BOXES, s.box, w.box_t, s.box_z);
    for (int k = 0; k < SEGMENTS; k++)
        for (int i = 0; i < H; i += LANES)
            store(s.segment_z + k * H + i, load(w.segment_bias + i) +
                                               load(s.line_z + line_of(k) * H + i) +
                                               load(s.box_z + box_of(k) * H + i));
    product<H, D, true>(SEGMENTS, s.segment, w.segment_t, s.segment_z);
    for (int k = 0; k < CELLS; k++) memcpy(s.cell_z + k * H, w.cell_bias, H * sizeof(float));
    product<H, D, true>(CELLS, s.cell, w.cell_t, s.cell_z);
    for (int k = 0; k < SEGMENTS * H; k += LANES) store(s.segment_s + k, silu(load(s.segment_z + k)));
    for (int k = 0; k < CELLS * H; k += LANES) store(s.cell_s + k, silu(load(s.cell_z + k)));
    product<U, H, false>(SEGMENTS, s.segment_s, w.from_segment_t, s.segment_m);
    product<U, H, false>(CELLS, s.cell_s, w.from_cell_t, s.cell_m);
}

// u [9 x U] of a cell's nine candidates: gate and value, before the gate opens.
inline void gather(int cell, const uint8_t* kind, const Weights& w, const Scratch& s, float* u) {
    const int r = cell / 9, c = cell % 9;
    const float* row = s.segment_m + row_segment(r, c) * U;
    const float* column = s.segment_m + column_segment(r, c) * U;
    for (int n = 0; n < 9; n++)
        for (int i = 0; i < U; i += LANES)
            store(u + n * U + i, load(w.kind + kind[cell * 9 + n] * U + i) +
                                     load(s.cell_m + cell * U + i) + load(row + n * U + i) +
                                     load(column + n * U + i));
    product<U, D, true>(9, s.x + cell * 9 * D, w.own_t, u);
}

void forward(const float* h, const uint8_t* kind, float* out, float* logits, const Weights& w,
             Scratch& s) {
    answer(h, w, s);
    float u[9 * U], act[9 * G];
    for (int cell = 0; cell < CELLS; cell++) {
        gather(cell, kind, w, s, u);
        for (int n = 0; n < 9; n++)
            for (int i = 0; i < G; i += LANES)
                store(act + n * G + i, silu(load(u + n * U + i)) * load(u + n * U + G + i));
        for (int n = cell * 9; n < cell * 9 + 9; n++)
            for (int i = 0; i < D; i += LANES)
                store(out + n * D + i, load(h + n * D + i) * load(w.keep + i));
        product<D, G, true>(9, act, w.down_t, out + cell * 9 * D);
        for (int n = cell * 9; n < cell * 9 + 9; n++)
            logits[n] = head_of(out + n * D, scale_of(out + n * D), w) + w.head_bias[0];
    }
}

// Back through the head: the whole gradient of the state that the pass gave.
void back_through_head(const float* out, const float* grad, const float* dlogits, const Weights& w,
                       const Gradients& g, Scratch& s) {
    for (int node = 0; node < NODES; node++) {
        const float *state = out + node * D, d = dlogits[node];
        const float scale = scale_of(state), along = head_of(state, scale, w) / D;
        g.head_bias[0] += d;
        for (int i = 0; i < D; i += LANES) {
            const vec x = load(state + i) * scale;
            add(g.head + i, x * d);
            store(s.dout + node * D + i,
                  load(grad + node * D + i) + (load(w.head + i) - x * along) * (scale * d));
        }
    }
}

// Back through the gates of a cell's candidates: du, act and dx of it, and its share of what
// comes to its segments and to itself.
inline void back_through_gates(int cell, const uint8_t* kind, const Weights& w,
                               const Gradients& g, Scratch& s) {
    const int r = cell / 9, c = cell % 9;
    float* u = s.du + cell * 9 * U;
    float* row = s.dsegment_m + row_segment(r, c) * U;
    float* column = s.dsegment_m + column_segment(r, c) * U;
    float dact[9 * G];
    gather(cell, kind, w, s, u);
    product<G, D, false>(9, s.dout + cell * 9 * D, w.down, dact);
    for (int n = 0; n < 9; n++) {
        float* kind_grad = g.kind + kind[cell * 9 + n] * U;
        for (int i = 0; i < G; i += LANES) {
            const vec opened = load(u + n * U + i), value = load(u + n * U + G + i);
            const vec opening = sigmoid(opened), d = load(dact + n * G + i);
            store(s.act + (cell * 9 + n) * G + i, opened * opening * value);
            store(u + n * U + i, d * value * silu_slope(opened, opening));
            store(u + n * U + G + i, d * opened * opening);
        }
        for (int i = 0; i < U; i += LANES) {
            const vec d = load(u + n * U + i);
            add(row + n * U + i, d);
            add(column + n * U + i, d);
            add(s.dcell_m + cell * U + i, d);
            add(kind_grad + i, d);
        }
    }
    product<D, U, false>(9, u, w.own, s.dx + cell * 9 * D);
}

// Back through the hidden layers: from what came to segments and cells to what goes to their sums.
void back_through_constraints(const Weights& w, const Gradients& g, Scratch& s) {
    outer_product<U, H>(SEGMENTS, s.dsegment_m, s.segment_s, g.from_segment);
    outer_product<U, H>(CELLS, s.dcell_m, s.cell_s, g.from_cell);
    product<H, U, false>(SEGMENTS, s.dsegment_m, w.from_segment, s.dsegment_z);
    product<H, U, false>(CELLS, s.dcell_m, w.from_cell, s.dcell_z);
    for (int k = 0; k < CELLS * H; k += LANES) {
        const vec z = load(s.cell_z + k);
        const vec d = load(s.dcell_z + k) * silu_slope(z, sigmoid(z));
        store(s.dcell_z + k, d);
        add(g.cell_bias + k % H, d);
    }
    memset(s.dline_z, 0, sizeof s.dline_z);
    memset(s.dbox_z, 0, sizeof s.dbox_z);
    for (int k = 0; k < SEGMENTS; k++)
        for (int i = 0; i < H; i += LANES) {
            const vec z = load(s.segment_z + k * H + i);
            const vec d = load(s.dsegment_z + k * H + i) * silu_slope(z, sigmoid(z));
            store(s.dsegment_z + k * H + i, d);
            add(s.dline_z + line_of(k) * H + i, d);
            add(s.dbox_z + box_of(k) * H + i, d);
            add(g.segment_bias + i, d);
        }
    outer_product<H, D>(SEGMENTS, s.dsegment_z, s.segment, g.segment);
    outer_product<H, D>(LINES, s.dline_z, s.line, g.line);
    outer_product<H, D>(BOXES, s.dbox_z, s.box, g.box);
    outer_product<H, D>(CELLS, s.dcell_z, s.cell, g.cell);
    product<D, H, false>(SEGMENTS, s.dsegment_z, w.segment, s.dsegment);
    product<D, H, false>(LINES, s.dline_z, w.line, s.dline);
    product<D, H, false>(BOXES, s.dbox_z, w.box, s.dbox);
    product<D, H, false>(CELLS, s.dcell_z, w.cell, s.dcell);
    for (int k = 0; k < SEGMENTS; k++) {
        add_row<D>(s.dsegment + k * D, s.dline + line_of(k) * D);
        if (k < SEGMENTS / 2) add_row<D>(s.dsegment + k * D, s.dbox + box_of(k) * D);
    }
}

void backward(const float* h, const uint8_t* kind, const float* out, const float* grad,
              const float* dlogits, float* dh, const Weights& w, const Gradients& g, Scratch& s) {
    back_through_head(out, grad, dlogits, w, g, s);
    answer(h, w, s);
    memset(s.dsegment_m, 0, sizeof s.dsegment_m);
    memset(s.dcell_m, 0, sizeof s.dcell_m);
    for (int cell = 0; cell < CELLS; cell++) back_through_gates(cell, kind, w, g, s);
    outer_product<U, D>(NODES, s.du, s.x, g.own);
    outer_product<D, G>(NODES, s.dout, s.act, g.down);
    back_through_constraints(w, g, s);
    for (int node = 0; node < NODES; node++) {
        const int cell = node / 9, r = cell / 9, c = cell % 9, n = node % 9;
        const float *x = s.x + node * D, *from = s.dout + node * D;
        const float* row = s.dsegment + (row_segment(r, c) + n) * D;
        const float* column = s.dsegment + (column_segment(r, c) + n) * D;
        vec d[D / LANES], along = {};
        for (int i = 0; i < D; i += LANES) {
            d[i / LANES] = load(s.dx + node * D + i) + load(row + i) + load(column + i) +
                           load(s.dcell + cell * D + i);
            along += d[i / LANES] * load(x + i);
            add(g.keep + i, load(from + i) * load(h + node * D + i));
        }
        const float mean = sum(along) / D;
        for (int i = 0; i < D; i += LANES)
            store(dh + node * D + i, load(from + i) * load(w.keep + i) +
                                         (d[i / LANES] - load(x + i) * mean) * s.scale[node]);
    }
}

Scratch& scratch() {
    thread_local const std::unique_ptr<Scratch> own(new Scratch);
    return *own;
}

}  // namespace

// States and their gradients [count, 729, WIDTH], kinds, logits and theirs [count, 729]; a thread
// may call either at any time.
extern "C" void pass_forward(int64_t count, const float* h, const uint8_t* kind, float* out,
                             float* logits, const Weights* w) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t at = i * NODES;
        forward(h + at * D, kind + at, out + at * D, logits + at, *w, scratch());
    }
}

extern "C" void pass_backward(int64_t count, const float* h, const uint8_t* kind,
                              const float* out, const float* grad, const float* dlogits, float* dh,
                              const Weights* w, const Gradients* g) {
    for (int64_t i = 0; i < count; i++) {
        const int64_t at = i * NODES;
        backward(h + at * D, kind + at, out + at * D, grad + at * D, dlogits + at, dh + at * D, *w,
                 *g, scratch());
    }
}
