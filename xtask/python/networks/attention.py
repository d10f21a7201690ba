"""Transformers: encoder (BERT-like), vision, decoder (GPT-like) and LLaMA-like."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from sites import with_role


class Attention(nn.Module):
    """Multi-head self-attention with an explicit softmax. `mask` is added to the scores."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.softmax = with_role("attention", nn.Softmax(dim=-1))
        self.project = nn.Linear(width, width)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, mask=None):
        query, key, value = (self.split(f(x)) for f in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        if mask is not None:
            scores = scores + mask
        mixed = self.softmax(scores) @ value
        return self.project(mixed.transpose(1, 2).flatten(2))


class FusedAttention(nn.Module):
    """Multi-head self-attention by scaled_dot_product_attention with one packed projection."""

    inner_sites = [("softmax", "attention")]

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)

    def forward(self, x, causal=False):
        qkv = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        query, key, value = qkv.unbind(0)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=causal)
        return self.project(mixed.transpose(1, 2).flatten(2))


class EncoderLayer(nn.Module):
    """Post-norm, as in BERT."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.attention = Attention(width, heads)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.intermediate = nn.Linear(width, hidden)
        self.act = nn.GELU()
        self.output = nn.Linear(hidden, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x, mask):
        x = self.norm1(x + self.attention(x, mask))
        return self.norm2(x + self.output(self.act(self.intermediate(x))))


class Bert(nn.Module):
    """Token, position and type embeddings; padding mask; tanh pooler on the first token."""

    def __init__(self, vocabulary=20, length=6, width=12, heads=3, hidden=16, layers=2, classes=3):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(length, width)
        self.types = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(EncoderLayer(width, heads, hidden) for _ in range(layers))
        self.pooler = nn.Linear(width, width)
        self.pooler_act = nn.Tanh()
        self.classifier = nn.Linear(width, classes)

    def forward(self, input_ids, attention_mask, token_type_ids):
        positions = torch.arange(input_ids.shape[1]).unsqueeze(0)
        x = self.words(input_ids) + self.positions(positions) + self.types(token_type_ids)
        x = self.norm(x)
        mask = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, mask)
        return self.classifier(self.pooler_act(self.pooler(x[:, 0])))


class PreNormLayer(nn.Module):
    """Pre-norm block, as in vision Transformers and GPT-2."""

    def __init__(self, width, hidden, attention, activation):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = attention
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, hidden)
        self.act = activation
        self.fc2 = nn.Linear(hidden, width)

    def forward(self, x, *arguments):
        x = x + self.attention(self.norm1(x), *arguments)
        return x + self.fc2(self.act(self.fc1(self.norm2(x))))


class Vit(nn.Module):
    """Patches by convolution, class token, learned positions, fused attention."""

    def __init__(self, width=12, heads=2, hidden=20, layers=2, classes=4):
        super().__init__()
        self.patches = nn.Conv2d(1, width, 4, stride=4)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.1)
        self.positions = nn.Parameter(torch.randn(1, 5, width) * 0.1)
        self.blocks = nn.ModuleList(
            PreNormLayer(width, hidden, FusedAttention(width, heads), nn.GELU())
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, pixels):
        x = self.patches(pixels).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1) + self.positions
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class Gpt(nn.Module):
    """Causal mask, GELU in its tanh form, logits [N, T, V] with the embedding as output weights."""

    def __init__(self, vocabulary=18, length=6, width=12, heads=2, hidden=20, layers=2):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(length, width)
        self.blocks = nn.ModuleList(
            PreNormLayer(width, hidden, Attention(width, heads), nn.GELU(approximate="tanh"))
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, input_ids):
        length = input_ids.shape[1]
        x = self.tokens(input_ids) + self.positions(torch.arange(length))
        mask = torch.full((length, length), float("-inf"), dtype=x.dtype).triu(1)
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x))


class RmsNorm(nn.Module):
    """x / sqrt(mean x^2 + eps), scaled."""

    def __init__(self, width, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps))


class RotaryAttention(nn.Module):
    """Causal attention with rotary positions and fewer key and value heads than query heads."""

    def __init__(self, width, heads, key_heads, length):
        super().__init__()
        self.heads, self.key_heads, self.size = heads, key_heads, width // heads
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, key_heads * self.size, bias=False)
        self.value = nn.Linear(width, key_heads * self.size, bias=False)
        self.project = nn.Linear(width, width, bias=False)
        self.softmax = with_role("attention", nn.Softmax(dim=-1))
        frequency = 10000.0 ** (-torch.arange(0, self.size, 2) / self.size)
        angle = torch.outer(torch.arange(length).float(), frequency)
        angle = torch.cat([angle, angle], dim=-1)
        self.register_buffer("cos", angle.cos())
        self.register_buffer("sin", angle.sin())

    def rotate(self, x):
        length = x.shape[-2]
        first, second = x.chunk(2, dim=-1)
        turned = torch.cat([-second, first], dim=-1)
        return x * self.cos[:length] + turned * self.sin[:length]

    def forward(self, x):
        batch, length, width = x.shape
        query = self.query(x).view(batch, length, self.heads, self.size).transpose(1, 2)
        key = self.key(x).view(batch, length, self.key_heads, self.size).transpose(1, 2)
        value = self.value(x).view(batch, length, self.key_heads, self.size).transpose(1, 2)
        repeat = self.heads // self.key_heads
        key = self.rotate(key).repeat_interleave(repeat, dim=1)
        value = value.repeat_interleave(repeat, dim=1)
        scores = self.rotate(query) @ key.transpose(2, 3) * self.size**-0.5
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, torch.finfo(torch.float32).min)
        mixed = self.softmax(scores) @ value
        return self.project(mixed.transpose(1, 2).reshape(batch, length, width))


class SwiGlu(nn.Module):
    """down(silu(gate(x)) * up(x))."""

    def __init__(self, width, hidden):
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)
        self.act = with_role("gate", nn.SiLU())

    def forward(self, x):
        return self.down(self.act(self.gate(x)) * self.up(x))


class LlamaLayer(nn.Module):
    """RMS norm, rotary attention, SwiGLU."""

    def __init__(self, width, heads, key_heads, hidden, length):
        super().__init__()
        self.norm1 = RmsNorm(width)
        self.attention = RotaryAttention(width, heads, key_heads, length)
        self.norm2 = RmsNorm(width)
        self.mlp = SwiGlu(width, hidden)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Llama(nn.Module):
    """Token logits [N, T, V]."""

    def __init__(
        self, vocabulary=16, length=5, width=12, heads=2, key_heads=1, hidden=20, layers=2
    ):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(
            LlamaLayer(width, heads, key_heads, hidden, length) for _ in range(layers)
        )
        self.norm = RmsNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, input_ids):
        x = self.tokens(input_ids)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))
