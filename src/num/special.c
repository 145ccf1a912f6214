/* Quantiles and distribution functions. The normal quantile is Wichura's AS 241 (Applied Statistics 37,
 * 1988); Student's t goes through the incomplete beta function by Lentz's continued fraction (Press and
 * others 2007, "Numerical Recipes", 6.4). */
#include "num/special.h"

#include <math.h>

#include "base/banned.h"

double special_logistic(double x)
{
    if (x >= 0)
        return 1 / (1 + exp(-x));
    double e = exp(x);
    return e / (1 + e);
}

double special_log_logistic(double x)
{
    return x >= 0 ? -log1p(exp(-x)) : x - log1p(exp(x));
}

double special_normal(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

static double ratio(const double *a, const double *b, double r)
{
    double top = a[7], below = b[7];
    for (int i = 7; i-- > 0;) {
        top = top * r + a[i];
        below = below * r + b[i];
    }
    return top / below;
}

double special_normal_quantile(double p)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3},
                        b[8] = {1,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3},
                        c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4},
                        d[8] = {1,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9},
                        e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7},
                        f[8] = {1,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * ratio(a, b, 0.180625 - q * q);
    double tail = q < 0 ? p : 1 - p;
    if (!(tail > 0))
        return q < 0 ? -INFINITY : INFINITY;
    double r = sqrt(-log(tail)), x = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
    return q < 0 ? -x : x;
}

double special_log_beta(double a, double b)
{
    int sign;
    return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

/* The continued fraction of the incomplete beta function. */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < 1000; m++) {
        double step[2] = {m * (b - m) * x / ((a - 1 + 2 * m) * (a + 2 * m)),
                          -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 1 + 2 * m))};
        double change = 1;
        for (int i = 0; i < 2; i++) {
            d = 1 + step[i] * d;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = 1 + step[i] / c;
            c = fabs(c) < tiny ? tiny : c;
            change = c * d;
            h *= change;
        }
        if (fabs(change - 1) < 1e-15)
            break;
    }
    return h;
}

static double beta_regular(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(a * log(x) + b * log1p(-x) - special_log_beta(a, b));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                     : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double special_t(double x, double df)
{
    double tail = 0.5 * beta_regular(df / 2, 0.5, df / (df + x * x));
    return x > 0 ? 1 - tail : tail;
}

double special_t_quantile(double p, double df)
{
    if (p < 0.5)
        return -special_t_quantile(1 - p, df);
    double low = 0, high = 2;
    while (special_t(high, df) < p && high < 1e12)
        high *= 2;
    for (int i = 0; i < 100; i++) {
        double half = (low + high) / 2;
        *(special_t(half, df) < p ? &low : &high) = half;
    }
    return (low + high) / 2;
}

void special_wilson(double k, double n, double z, double *low, double *high)
{
    *low = 0, *high = 1;
    if (!(n > 0))
        return;
    double p = k / n, z2 = z * z / n, centre = (p + z2 / 2) / (1 + z2);
    double half = z * sqrt(p * (1 - p) / n + z2 / (4 * n)) / (1 + z2);
    *low = fmax(0, centre - half);
    *high = fmin(1, centre + half);
}
